import { z } from 'zod'
import { AgentError } from '../../agent-error.ts'
import { parseStep } from '../../answers/parse-step.ts'
import { type AnswerStep, isOtherStep, writtenSteps } from '../../answers/written-steps.ts'

/** What a program writes that is no answer, such as a greeting of a library, between two answers at most. */
const MAX_STRAY_LENGTH = 100_000

/** With which question it belongs to; a program that answers one question alone leaves it out. */
export type AnswerLine = AnswerStep & { request: string | null }

const requestSchema = z.object({ request: z.string() })

/**
 * Reads the lines of a program as answers. Lines that do not begin with `{`, and steps of a kind that is not known, are passed over; a few
 * of them, as programs print them by mistake. Throws `AgentError` (`bad_answer`) for one that begins so and is no answer, and for many others.
 */
export class AnswerLines {
  #strayLength = 0

  /** Whether something came that was no answer. */
  get hasStray(): boolean {
    return this.#strayLength > 0
  }

  /** The steps on this line; none on one that is passed over. */
  read(line: string): AnswerLine[] {
    const value = line.trimStart().startsWith('{') ? parseStep(line) : null
    if (value === null || isOtherStep(value)) {
      this.#strayLength += line.trim() === '' ? 1 : line.length
      if (this.#strayLength > MAX_STRAY_LENGTH)
        throw noAnswer('lines that are no answers, one after the other')
      return []
    }
    const steps = writtenSteps(value)
    if (steps === null) throw noAnswer('a line that is no answer')
    this.#strayLength = 0
    const { data } = requestSchema.safeParse(value)
    return steps.map((step) => ({ ...step, request: data?.request ?? null }))
  }
}

/** Of a program that answers, but not in lines of JSON. */
export function noAnswer(what: string): AgentError {
  return new AgentError('bad_answer', `the program wrote ${what}`, {
    action:
      'Each line of its output must be JSON such as {"type":"delta","text":"Hello"}; what is meant for you goes to its error output. For plain text: mode "turn" and output "text".',
  })
}

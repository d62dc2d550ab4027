import { z } from 'zod'
import { AgentError } from '../../agent-error.ts'

/** Only the fields that are read; servers add many of their own. Content that is no string counts as none. */
const choiceText = z.object({ content: z.string().nullish().catch(null) })

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: choiceText.nullish(),
        message: choiceText.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  error: z.unknown().optional(),
})

export interface CompletionPiece {
  text: string
  /** The model said that it is done. */
  finished: boolean
}

/** One chunk of a stream, or a whole answer. Throws `AgentError` for what is neither. */
export function readCompletion(json: string): CompletionPiece {
  const parsed = completionSchema.safeParse(parseJson(json))
  if (!parsed.success)
    throw new AgentError('bad_answer', 'the assistant sent something that is no chat completion')
  const { choices, error } = parsed.data
  if (error !== undefined && error !== null) {
    throw new AgentError('server_error', `the assistant reported an error${describeError(error)}`)
  }
  const [choice] = choices ?? []
  return {
    text: choice?.delta?.content ?? choice?.message?.content ?? '',
    finished: choice?.finish_reason !== undefined && choice.finish_reason !== null,
  }
}

const errorSchema = z.object({ code: z.unknown(), type: z.unknown() }).partial()
const SAFE_WORD = /^[\w.-]{1,64}$/

/** The error's machine-readable code, if it has one that is safe to repeat. */
export function describeError(error: unknown): string {
  const parsed = errorSchema.safeParse(error)
  const { code, type } = parsed.success ? parsed.data : {}
  const word = [code, type]
    .map(String)
    .find((candidate) => SAFE_WORD.test(candidate) && !isNothing(candidate))
  return word === undefined ? '' : ` (${word})`
}

function isNothing(word: string): boolean {
  return word === 'undefined' || word === 'null'
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

import type { TranscriptionHealth } from '../../agents/transcription/transcription.ts'
import type { AssistantView } from '../../protocol/account/assistant.ts'
import { cleanLine } from '../../text/bounded-text.ts'

/** An answer may have a hundred accounts. */
const MAX_SENTENCE = 300

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** How an agent, or who writes down voice messages, is, as answers and events show it. */
export function recordView({
  ok,
  since,
  lastSuccessAt,
  lastFailure,
}: TranscriptionHealth): NonNullable<AssistantView['transcription']> {
  return {
    ok,
    since: iso(since),
    lastSuccessAt: lastSuccessAt === null ? null : iso(lastSuccessAt),
    lastFailure: lastFailure && {
      at: iso(lastFailure.at),
      code: lastFailure.code,
      message: sentence(lastFailure.message),
      action: cleanLine(lastFailure.action, MAX_SENTENCE),
    },
  }
}

/** Errors say it in the middle of a line, people read it alone. */
function sentence(text: string): string {
  const line = cleanLine(text, MAX_SENTENCE)
  return `${line.slice(0, 1).toUpperCase()}${line.slice(1)}${line.endsWith('.') ? '' : '.'}`
}

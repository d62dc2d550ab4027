import type { TranscriptionHealth } from '../../agents/transcription/transcription.ts'
import type { AssistantView } from '../../protocol/account/assistant.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import { sentence } from '../../text/sentence.ts'

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
      message: sentence(cleanLine(lastFailure.message, MAX_SENTENCE)),
      action: cleanLine(lastFailure.action, MAX_SENTENCE),
    },
  }
}

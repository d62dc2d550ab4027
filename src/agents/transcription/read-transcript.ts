import { isRecord } from '../../protocol/is-record.ts'
import { boundedText, sendableText } from '../../text/bounded-text.ts'
import { AgentError } from '../agent-error.ts'
import { isReportedError, toReportedError } from '../openai/reported-error.ts'

/** Words with the times of each: far more than the text alone. */
const MAX_BYTES = 8_000_000
/** What whisper.cpp and its relatives write for a sound without speech. */
const SILENCE = /^[[(]\s*(?:blank[_ ]audio|silence|no speech|inaudible|music)\b[^\])]*[\])]$/i
const HTML = /^<(?:!doctype|html|head|body|\?xml)\b/i

/**
 * The words in the answer of `/audio/transcriptions` with status 200, as one text that can be stored and shown: `text` of JSON
 * (`json`, `verbose_json`), its segments put together, or the body as it is where it is no JSON. Empty where nothing was said. `who` sent it, for people. Throws
 * `AgentError` for an error inside of it, an HTML page, JSON without words, nothing at all, and for more than 8 MB.
 */
export async function readTranscript(response: Response, who: string): Promise<string> {
  const body = (await readBody(response, who)).trim()
  if (HTML.test(body)) throw badAnswer(`${who} sent an HTML page instead of a transcript`)
  const labelled = response.headers.get('content-type') ?? ''
  // Only a server that answers with plain text may mean silence by nothing.
  if (body === '' && !labelled.startsWith('text/plain')) throw badAnswer(`${who} sent an empty answer`)
  const value = parseJson(body)
  if (value === undefined && body.startsWith('{')) throw badAnswer(`${who} sent JSON that is broken off`)
  // Of words alone some are JSON: a number, "null".
  const words = typeof value === 'object' || typeof value === 'string' ? wordsIn(value, who) : body
  if (words === null) throw badAnswer(`${who} sent something that is no transcript`)
  const text = boundedText(sendableText(words)).trim()
  return SILENCE.test(text) ? '' : text
}

function wordsIn(value: unknown, who: string): string | null {
  if (value === null) return 'null'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return joined(value)
  if (!isRecord(value)) return null
  const { text, segments, transcription, transcript } = value
  const words = [text, transcription, transcript].find((each) => typeof each === 'string')
  const hasError = (words ?? '').trim() === '' && isReportedError(value)
  if (hasError) throw toReportedError(value, null, { who })
  if (words !== undefined) return words
  for (const pieces of [segments, transcription]) if (Array.isArray(pieces)) return joined(pieces)
  return null
}

/** Segments, each with its words; `null` where one has none. */
function joined(pieces: readonly unknown[]): string | null {
  const words = pieces.map((piece) => (isRecord(piece) ? piece['text'] : piece))
  return words.every((each) => typeof each === 'string') ? words.map((each) => each.trim()).join(' ') : null
}

async function readBody({ body }: Response, who: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  try {
    for await (const bytes of body ?? []) {
      length += bytes.length
      if (length > MAX_BYTES) throw badAnswer(`${who} sent far more than a transcript`)
      text += decoder.decode(bytes, { stream: true })
    }
  } catch (error) {
    if (error instanceof AgentError) throw error
    throw new AgentError('interrupted', `the connection to ${who} was lost`, { retryable: true })
  }
  return text + decoder.decode()
}

function badAnswer(message: string): AgentError {
  return new AgentError('bad_answer', message)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

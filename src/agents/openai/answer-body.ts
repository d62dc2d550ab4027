import { AgentError } from '../agent-error.ts'
import { readEventStream } from '../http/event-stream.ts'

const MAX_JSON_LENGTH = 12_000_000
/** Of one JSON value that is spread over the lines of a stream. */
const MAX_SPREAD_LINES = 500
const MAX_SPREAD_LENGTH = 64_000
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]
const WHITESPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d]

/** Where a stream says that it is complete. */
export const STREAM_END = Symbol('stream end')

/**
 * The JSON values in the body of an answer, by its shape and not by its label: servers and proxies send streams as `application/json`
 * and whole answers as `text/event-stream`. Understands a stream of events, one JSON value, and one JSON value a line; a list gives
 * its elements. Throws `AgentError`: `bad_answer` for an HTML page, for what is no JSON and for what is too long; `interrupted` where
 * the connection or the JSON ends in the middle.
 */
export async function* readAnswerBody(
  body: AsyncIterable<Uint8Array> | null,
  who = 'the assistant',
): AsyncGenerator<unknown, void, void> {
  if (body === null) return
  const iterator = body[Symbol.asyncIterator]()
  try {
    const beginning: Uint8Array[] = []
    const first = await firstCharacter(iterator, beginning, who)
    if (first === '<') throw new AgentError('bad_answer', `${who} sent an HTML page instead of an answer`)
    const whole = replay(beginning, iterator)
    yield* first === '{' || first === '[' ? readJson(whole, who) : readStream(whole, who)
  } catch (error) {
    if (error instanceof AgentError) throw error
    throw new AgentError('interrupted', `the connection to ${who} was lost`, { retryable: true })
  } finally {
    // Hangs up where the rest is not read. A connection that is lost already has nothing to say.
    await iterator.return?.().catch(() => undefined)
  }
}

/** The first byte that is no whitespace, as a character; `''` where there is none. What was read for it is in `beginning`. */
async function firstCharacter(
  iterator: AsyncIterator<Uint8Array>,
  beginning: Uint8Array[],
  who: string,
): Promise<string> {
  for (let length = 0; length < MAX_JSON_LENGTH;) {
    const step = await iterator.next()
    if (step.done === true) return ''
    beginning.push(step.value)
    length += step.value.length
    const first = step.value.find((byte) => !WHITESPACE.includes(byte) && !BYTE_ORDER_MARK.includes(byte))
    if (first !== undefined) return String.fromCharCode(first)
  }
  throw new AgentError('bad_answer', `${who} sent nothing but spaces`)
}

async function* replay(
  beginning: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield* beginning
  for (;;) {
    const step = await rest.next()
    if (step.done === true) return
    yield step.value
  }
}

async function* readStream(
  body: AsyncIterable<Uint8Array>,
  who: string,
): AsyncGenerator<unknown, void, void> {
  let spread: string[] = []
  let length = 0
  for await (const payload of readEventStream(body)) {
    if (spread.length === 0 && /^\[?done\]?$/i.test(payload)) {
      yield STREAM_END
      return
    }
    // Some proxies spread one JSON value over several lines. Only a line that may be its last one is worth a look.
    spread.push(payload)
    length += payload.length
    const value = /[\]}"\w]$/.test(payload) ? parseJson(spread.join('\n')) : undefined
    if (value === undefined) {
      const mayContinue = /^[[{]/.test(spread[0] ?? '') && spread.length < MAX_SPREAD_LINES
      if (!mayContinue || length > MAX_SPREAD_LENGTH) throw notJson(who)
      continue
    }
    spread = []
    length = 0
    yield* Array.isArray(value) ? value : [value]
  }
  if (spread.length > 0) throw notJson(who)
}

async function* readJson(body: AsyncIterable<Uint8Array>, who: string): AsyncGenerator<unknown, void, void> {
  const decoder = new TextDecoder()
  /** Of the line under way: it is searched once, however many chunks it comes in. */
  let pending: string[] = []
  let length = 0
  /** Said by the first line: trying every line of one long value would take the square of its length. */
  let isByLine: boolean | null = null
  for await (const bytes of body) {
    let rest = decoder.decode(bytes, { stream: true })
    length += rest.length
    if (length > MAX_JSON_LENGTH) throw new AgentError('bad_answer', `${who} sent too much`)
    for (let end = rest.indexOf('\n'); end !== -1 && isByLine !== false; end = rest.indexOf('\n')) {
      const line = [...pending, rest.slice(0, end)].join('')
      const isBlank = line.trim() === ''
      const value = isBlank ? undefined : parseJson(line)
      if (value === undefined && !isBlank && isByLine === true) throw notJson(who)
      if (!isBlank) isByLine = value !== undefined
      if (isByLine === false) break
      pending = []
      rest = rest.slice(end + 1)
      length = rest.length
      if (!isBlank) yield* Array.isArray(value) ? value : [value]
    }
    pending.push(rest)
  }
  const text = (pending.join('') + decoder.decode()).trim()
  if (text === '') return
  const value = parseJson(text)
  if (value !== undefined) yield* Array.isArray(value) ? value : [value]
  else if (/[\]}]$/.test(text)) throw notJson(who)
  else throw new AgentError('interrupted', `${who} stopped in the middle of its answer`)
}

function notJson(who: string): AgentError {
  return new AgentError('bad_answer', `${who} sent something that is no chat completion`)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

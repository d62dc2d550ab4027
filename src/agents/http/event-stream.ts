import { createParser, type ParseError } from 'eventsource-parser'
import { AgentError } from '../agent-error.ts'

/** Room for a picture in base64. */
const MAX_LINE_LENGTH = 12_000_000
/** Many times the events of the longest reply that is sent on. */
const MAX_STREAM_BYTES = 20_000_000
const LINE_END = /\r\n|\r|\n/g

/**
 * The payloads of the `data:` lines of a `text/event-stream`, in whatever pieces its bytes arrive, and the lines of JSON that stand
 * without `data:`, as some servers break off with an error; empty ones are left out. Throws `AgentError` (`bad_answer`) for a line or
 * a stream that is too long, and what reading the body throws.
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const payloads: string[] = []
  let isLineTooLong = false
  const add = (text: string): void => {
    const payload = text.trim()
    if (payload !== '') payloads.push(payload)
  }
  const parser = createParser({
    maxBufferSize: MAX_LINE_LENGTH,
    onEvent: ({ data }) => add(data),
    onError: (error) => {
      isLineTooLong ||= error.type === 'max-buffer-size-exceeded'
      add(jsonWithoutField(error))
    },
  })
  // Some chat servers leave out the blank line after an event: each line ends one.
  const feed = (text: string): void => parser.feed(text.replaceAll(LINE_END, '\n\n'))
  const decoder = new TextDecoder()
  let length = 0
  for await (const bytes of body) {
    length += bytes.length
    if (length > MAX_STREAM_BYTES) throw new AgentError('bad_answer', 'the assistant sent too much')
    feed(decoder.decode(bytes, { stream: true }))
    if (isLineTooLong) throw new AgentError('bad_answer', 'the assistant sent a line without end')
    yield* payloads.splice(0)
  }
  feed(`${decoder.decode()}\n`)
  yield* payloads.splice(0)
}

/** Of a line `{"error": …}` or `error: {…}`; empty for every other line without a known field. */
function jsonWithoutField({ type, line = '', field, value = '' }: ParseError): string {
  if (type !== 'unknown-field') return ''
  if (line.trimStart().startsWith('{')) return line
  return field === 'error' ? JSON.stringify({ error: value }) : ''
}

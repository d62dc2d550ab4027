import { AgentError } from '../../agent-error.ts'

const MAX_LINE_LENGTH = 1_000_000

/**
 * The payloads of the `data:` lines of a `text/event-stream`, however its bytes were cut. Each line is a payload of
 * its own: chat servers never spread one over several lines, and some leave out the blank line between two. Throws
 * `AgentError` (`bad_answer`) for a line without end, and what reading the body throws.
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let buffer = ''
  for await (const bytes of body) {
    buffer += decoder.decode(bytes, { stream: true })
    const lines = buffer.split(/\r\n|\n|\r(?!$)/)
    buffer = lines.pop() ?? ''
    if (buffer.length > MAX_LINE_LENGTH)
      throw new AgentError('bad_answer', 'the assistant sent a line without end')
    for (const line of lines) {
      const payload = toPayload(line)
      if (payload !== null) yield payload
    }
  }
  const last = toPayload(buffer + decoder.decode())
  if (last !== null) yield last
}

function toPayload(line: string): string | null {
  return line.startsWith('data:') ? line.slice('data:'.length).trim() : null
}

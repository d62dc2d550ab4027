import { AgentError } from '../agent-error.ts'
import { decodeUtf8 } from './decode-utf8.ts'

/** The longest line of a program, in bytes: many times the longest message. */
const MAX_LINE_BYTES = 1_000_000
const NEWLINE = 0x0a

/**
 * The lines of a program's output, without their ends, as they come; the last one may lack its end. Throws `AgentError` (`bad_answer`)
 * for a line of more than `maxBytes` and for bytes that are not UTF-8.
 */
export async function* readLines(
  output: AsyncIterable<Buffer>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<string, void, void> {
  let pending: Buffer[] = []
  let length = 0
  for await (const chunk of output) {
    let rest = chunk
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      yield decode(Buffer.concat([...pending, rest.subarray(0, end)]))
      pending = []
      length = 0
      rest = rest.subarray(end + 1)
    }
    pending.push(rest)
    length += rest.length
    if (length > maxBytes) throw new AgentError('bad_answer', 'the program wrote a line without end')
  }
  if (length > 0) yield decode(Buffer.concat(pending))
}

function decode(line: Buffer): string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return (decodeUtf8(decoder, line) + decodeUtf8(decoder)).replace(/\r$/, '')
}

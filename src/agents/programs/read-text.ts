import { AgentError } from '../agent-error.ts'
import { decodeUtf8 } from './decode-utf8.ts'

/** Line ends in a row that are kept until text follows them. */
const MAX_LINE_ENDS = 100_000

/**
 * The text of a program's output as it comes, without the line ends at its end. Throws `AgentError` (`bad_answer`) for bytes that are not
 * UTF-8, and for more than 100,000 line ends in a row.
 */
export async function* readText(output: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lineEnds = ''
  for await (const chunk of output) {
    const text = decodeUtf8(decoder, chunk)
    let end = text.length
    while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1
    if (end > 0) yield lineEnds + text.slice(0, end)
    lineEnds = end > 0 ? text.slice(end) : lineEnds + text
    if (lineEnds.length > MAX_LINE_ENDS)
      throw new AgentError('bad_answer', 'the program wrote empty lines without end')
  }
  // A character that was cut off.
  decodeUtf8(decoder)
}

import { decodeUtf8 } from './decode-utf8.ts'

/** The text of a program's output as it comes, without the line ends at its end. Throws `AgentError` for bytes that are not UTF-8. */
export async function* readText(output: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lineEnds = ''
  for await (const chunk of output) {
    const text = lineEnds + decodeUtf8(decoder, chunk)
    let end = text.length
    while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1
    lineEnds = text.slice(end)
    if (end > 0) yield text.slice(0, end)
  }
  // A character that was cut off.
  decodeUtf8(decoder)
}

import { ParagraphBuffer } from './paragraph-buffer.ts'

/** `text` without its first `count` paragraphs, as `ParagraphBuffer` counts them. */
export function dropParagraphs(text: string, count: number): string {
  if (count === 0) return text
  const buffer = new ParagraphBuffer()
  let dropped = 0
  let position = 0
  for (const line of text.split(/(?<=\n)/)) {
    buffer.push(line)
    if (buffer.complete === 0) continue
    const taken = buffer.take()
    dropped += taken.paragraphs
    position += taken.text.length
    if (dropped >= count) return text.slice(position)
  }
  return ''
}

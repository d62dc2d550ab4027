import type { AnswerPiece } from './answer-piece.ts'

/** Longer words are a message of their own: below a file they would be cut. */
const MAX_CAPTION = 1_024
/** What shows words below it. */
const WITH_CAPTION: ReadonlySet<string> = new Set(['image', 'video', 'document'])

/**
 * The same answer in fewer messages, where each may cost: words that stand before a file without a caption, or behind it, become its
 * caption. Their order stays.
 */
export function joinCaptions(pieces: readonly AnswerPiece[]): AnswerPiece[] {
  const joined: AnswerPiece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    const one = last === undefined ? null : (captioned(piece, last) ?? captioned(last, piece))
    if (one === null) joined.push(piece)
    else joined.splice(-1, 1, one)
  }
  return joined
}

/** `file` with `words` below it; `null` where they are no such two. What quotes something else stays by itself. */
function captioned(file: AnswerPiece, words: AnswerPiece): AnswerPiece | null {
  if (words.kind !== 'words' || file.kind !== 'item' || file.item.kind !== 'content') return null
  const { content, caption } = file.item
  if (content.type !== 'file' || caption !== '' || !WITH_CAPTION.has(content.kind)) return null
  const text = words.text.trim()
  if (text.length > MAX_CAPTION || (file.quotes !== null && words.quotes !== null)) return null
  const item = { ...file.item, caption: text }
  return { ...file, item, count: file.count + words.count, quotes: words.quotes ?? file.quotes }
}

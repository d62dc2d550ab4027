import { clusterBoundary } from './graphemes.ts'

/** `newline` prefers to cut between paragraphs, then lines; `length` fills every chunk up to a word boundary. */
export type ChunkMode = 'length' | 'newline'

const FENCE = '```'
/** Room for the marks that close a fence at the end of a chunk and open it again in the next. */
const FENCE_ROOM = FENCE.length + 1
/** Below this a fence cannot be kept in one piece with its marks; it is cut like other text. */
const MIN_LIMIT_FOR_FENCES = 32
/** A cut that leaves a chunk emptier than this looks for a finer place. */
const MIN_FILL = 0.3

/**
 * Cuts `text` into messages of at most `limit` UTF-16 code units (at least 2). A text that fits comes back as it is.
 * Never splits a surrogate pair or a user-perceived character, nor a link that fits into one chunk; a code fence
 * is kept whole where it fits, and otherwise closed and opened again. White space around a cut goes away.
 */
export function chunkText(text: string, limit: number, mode: ChunkMode): string[] {
  const size = Math.max(2, Math.floor(limit))
  const chunks: string[] = []
  let rest = text
  while (rest.length > size) {
    const { chunk, next } = cut(rest, size, mode)
    if (chunk.trim() !== '') chunks.push(chunk)
    rest = next
  }
  if (rest.trim() !== '') chunks.push(rest)
  return chunks
}

function cut(rest: string, size: number, mode: ChunkMode): { chunk: string; next: string } {
  const fence = size >= MIN_LIMIT_FOR_FENCES ? fenceAcross(rest, size) : null
  if (fence === null) return cutPlain(rest, plainPosition(rest, size, mode))
  if (fence.start > 0 && rest.slice(0, fence.start).trim() !== '' && fence.end - fence.start <= size) {
    return cutPlain(rest, fence.start)
  }
  const firstLineEnd = rest.indexOf('\n', fence.start)
  const room = size - FENCE_ROOM
  if (firstLineEnd === -1 || firstLineEnd >= room) {
    return cutPlain(rest, fence.start > 0 ? fence.start : plainPosition(rest, size, mode))
  }
  const lineEnd = rest.lastIndexOf('\n', room)
  const position = lineEnd > firstLineEnd ? lineEnd : clusterBoundary(rest, room)
  const skip = rest[position] === '\n' ? 1 : 0
  return { chunk: `${rest.slice(0, position)}\n${FENCE}`, next: `${FENCE}\n${rest.slice(position + skip)}` }
}

function cutPlain(rest: string, position: number): { chunk: string; next: string } {
  // Behind a line break the indentation belongs to the next line.
  return { chunk: rest.slice(0, position).trimEnd(), next: rest.slice(position).replace(/^\s*\n|^\s+/, '') }
}

/** The fence that is open at `position`, or `null`. `end` is after its closing marks, or the end of the text. */
function fenceAcross(text: string, position: number): { start: number; end: number } | null {
  let from = 0
  for (;;) {
    const start = text.indexOf(FENCE, from)
    if (start === -1 || start >= position) return null
    const close = text.indexOf(FENCE, start + FENCE.length)
    const end = close === -1 ? text.length : close + FENCE.length
    if (end > position) return { start, end }
    from = end
  }
}

function plainPosition(text: string, size: number, mode: ChunkMode): number {
  const minimum = Math.floor(size * MIN_FILL)
  // One more than fits: white space right behind the chunk is a cut without loss.
  const window = text.slice(0, size + 1)
  const separators = mode === 'newline' ? ['\n\n', '\n', '. ', ' '] : ['\n', ' ']
  const positions = separators.map((separator) => {
    const found = window.lastIndexOf(separator)
    return found === -1 || separator.trim() === '' ? found : found + 1
  })
  const chosen =
    mode === 'newline' ? positions.find((position) => position > minimum) : Math.max(...positions)
  const position = chosen !== undefined && chosen > 0 ? chosen : Math.max(...positions)
  if (position > 0 && clusterBoundary(text, position) === position) return position
  return hardPosition(text, size)
}

/** No white space to cut at: before a link that would be split, otherwise between two characters. */
function hardPosition(text: string, size: number): number {
  const boundary = clusterBoundary(text, size)
  const linkStart = Math.max(text.lastIndexOf('https://', boundary), text.lastIndexOf('http://', boundary))
  if (linkStart <= 0) return boundary
  const linkEnd = linkStart + (/^\S+/.exec(text.slice(linkStart))?.[0].length ?? 0)
  return linkEnd > boundary && linkEnd - linkStart <= size ? linkStart : boundary
}

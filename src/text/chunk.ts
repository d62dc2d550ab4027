import type { FormattedText, Wrapped } from './formatted-text.ts'
import { clusterBoundary } from './graphemes.ts'

/** `newline` prefers to cut between paragraphs, then lines; `length` fills every chunk up to a word boundary. */
export type ChunkMode = 'length' | 'newline'

/** Below this there is no room to close marks at a cut and open them again; what they stand around is cut like other text. */
const MIN_LIMIT_FOR_MARKS = 32
/** A cut that leaves a chunk emptier than this looks for a finer place. */
const MIN_FILL = 0.3

/**
 * Cuts a text into messages of at most `limit` UTF-16 code units (at least 2). A text that fits comes back as it is.
 * Never splits a surrogate pair or a user-perceived character, nor a link that fits into one chunk. What stands between
 * marks (code, bold) is kept whole where it fits; otherwise its marks are closed at the cut and opened again. White space
 * around a cut goes away, but for the lines of code.
 */
export function chunkText({ text, wrapped }: FormattedText, limit: number, mode: ChunkMode): string[] {
  const size = Math.max(2, Math.floor(limit))
  const chunks: string[] = []
  const cutter = new Cutter(text, size >= MIN_LIMIT_FOR_MARKS ? wrapped : [], mode)
  for (let position = 0, opening = ''; position < text.length;) {
    if (opening.length + text.length - position <= size) {
      chunks.push(opening + text.slice(position))
      break
    }
    const cut = cutter.cut(position, size - opening.length)
    const piece = text.slice(position, cut.end)
    if (piece.trim() !== '') chunks.push(opening + piece + cut.closing)
    position = cut.next
    opening = cut.opening
  }
  return chunks.filter((chunk) => chunk.trim() !== '')
}

interface Cut {
  end: number
  next: number
  /** The marks that end the chunk, and those that begin the next one. */
  closing: string
  opening: string
}

class Cutter {
  readonly #text: string
  readonly #wrapped: readonly Wrapped[]
  readonly #mode: ChunkMode

  constructor(text: string, wrapped: readonly Wrapped[], mode: ChunkMode) {
    this.#text = text
    this.#wrapped = wrapped
    this.#mode = mode
  }

  /** A cut at most `size` after `from`. */
  cut(from: number, size: number): Cut {
    const position = this.#position(from, size)
    const [outer] = this.#around(position)
    if (outer === undefined) return this.#plainCut(from, position)
    if (outer.start > from && this.#text.slice(from, outer.start).trim() !== '') {
      const isWorthIt = outer.end - outer.start <= size || outer.start - from > size * MIN_FILL
      if (isWorthIt) return this.#plainCut(from, outer.start)
    }
    return this.#cutWithin(from, size, outer)
  }

  #cutWithin(from: number, size: number, outer: Wrapped): Cut {
    const isCode = outer.open.includes('\n')
    const most = this.#around(from + size)
    const room = size - Math.max(closingOf(most).length, outer.close.length)
    const contentStart = outer.start + outer.open.length
    if (room < 2 || contentStart >= from + room) {
      const isAtStart = outer.start <= from
      return this.#plainCut(from, isAtStart ? this.#position(from, size) : outer.start)
    }
    if (isCode) return this.#cutCode(Math.max(from, contentStart), from + room, outer)
    const position = Math.max(this.#position(from, room), from + 1)
    const around = this.#around(position).filter(({ start, open }) => start + open.length < position)
    const cut = this.#plainCut(from, position)
    return { ...cut, closing: closingOf(around), opening: around.map(({ open }) => open).join('') }
  }

  /** Between two lines, or within one that is too long. */
  #cutCode(from: number, latest: number, { open, close, end }: Wrapped): Cut {
    if (latest >= end - close.length) return this.#plainCut(from, end)
    const last = latest
    const lineEnd = this.#text.lastIndexOf('\n', last)
    const position = lineEnd > from ? lineEnd : clusterBoundary(this.#text, last)
    const next = this.#text[position] === '\n' ? position + 1 : position
    return { end: position, next, closing: close, opening: open }
  }

  #plainCut(from: number, position: number): Cut {
    const before = this.#text.slice(from, position)
    // Behind a line break the indentation belongs to the next line.
    const space = /^\s*\n|^\s+/.exec(this.#text.slice(position))?.[0].length ?? 0
    return { end: from + before.trimEnd().length, next: position + space, closing: '', opening: '' }
  }

  /** What the position is within, the outermost first. */
  #around(position: number): Wrapped[] {
    return this.#wrapped.filter(({ start, end }) => start < position && position < end)
  }

  #position(from: number, size: number): number {
    const minimum = Math.floor(size * MIN_FILL)
    // One more than fits: white space right behind the chunk is a cut without loss.
    const window = this.#text.slice(from, from + size + 1)
    const separators = this.#mode === 'newline' ? ['\n\n', '\n', '. ', ' '] : ['\n', ' ']
    const positions = separators.map((separator) => {
      const found = window.lastIndexOf(separator)
      return found === -1 || separator.trim() === '' ? found : found + 1
    })
    const chosen =
      this.#mode === 'newline' ? positions.find((position) => position > minimum) : Math.max(...positions)
    const position = from + (chosen !== undefined && chosen > 0 ? chosen : Math.max(...positions))
    if (position > from && clusterBoundary(this.#text, position) === position) return position
    return this.#hardPosition(from, from + size)
  }

  /** No white space to cut at: before a link that would be split, otherwise between two characters. */
  #hardPosition(from: number, latest: number): number {
    const text = this.#text
    const boundary = from + clusterBoundary(text.slice(from, latest + 128), latest - from)
    const link = Math.max(text.lastIndexOf('https://', boundary), text.lastIndexOf('http://', boundary))
    if (link <= from) return boundary
    const linkEnd = link + (/^\S+/.exec(text.slice(link))?.[0].length ?? 0)
    return linkEnd > boundary && linkEnd - link <= latest - from ? link : boundary
  }
}

function closingOf(around: readonly Wrapped[]): string {
  return around
    .toReversed()
    .map(({ close }) => close)
    .join('')
}

import type { Wrapped } from '../formatted-text.ts'
import { isSpaceless } from './emphasis-marks.ts'
import type { Piece, Style } from './inline-pieces.ts'

const MARKS: Readonly<Record<Style, string>> = { bold: '*', italic: '_', strike: '~' }
/** Beside one of these WhatsApp reads no mark. The marks of emoji (presentation, keycap) end no word. */
const IN_WORD = /[\p{L}\p{N}\p{M}*_~]/u
/** Puts a mark apart from a word that no space stands before or behind: hardly seen, and white space by Unicode. */
const HAIR_SPACE = '\u200A'
const EMOJI_END = /[\uFE0F\u20E3]/

/** A line as WhatsApp shows it, and where marks are around a part of it. */
export interface FormattedLine {
  text: string
  wrapped: Wrapped[]
}

type Item = { kind: 'text'; text: string } | { kind: 'code'; text: string } | MarkItem

interface MarkItem {
  kind: 'open' | 'close'
  pair: Pair
}

interface Pair {
  style: Style
  open: number
  close: number
  isShown: boolean
  /** Whether a hair space stands before and behind it. */
  isApart: [before: boolean, behind: boolean]
}

/** The pieces of a paragraph, line by line; a style that goes on over the end of a line is in both lines. */
export function formatLines(pieces: readonly Piece[], always: readonly Style[] = []): FormattedLine[] {
  const lines: FormattedLine[] = []
  const depth: Record<Style, number> = { bold: 0, italic: 0, strike: 0 }
  /** The styles that are open, the outermost first. */
  const open: Style[] = [...always]
  for (const style of always) depth[style] += 1
  let line: Piece[] = open.map((style) => ({ kind: 'open', style }))
  for (const piece of pieces) {
    if (piece.kind === 'break') {
      lines.push(formatLine([...line, ...closing(open)]))
      line = open.map((style) => ({ kind: 'open', style }))
    } else if (piece.kind === 'open') {
      depth[piece.style] += 1
      if (depth[piece.style] > 1) continue
      openStyle(open, line, piece.style)
    } else if (piece.kind === 'close') {
      depth[piece.style] -= 1
      if (depth[piece.style] !== 0) continue
      line.push(...closeStyle(open, piece.style))
    } else line.push(piece)
  }
  lines.push(formatLine([...line, ...closing(open)]))
  return lines
}

function closing(open: readonly Style[]): Piece[] {
  return open.toReversed().map((style) => ({ kind: 'close', style }))
}

/** Bold is around italic where both begin together. */
function openStyle(open: Style[], line: Piece[], style: Style): void {
  const before = line.at(-1)
  const isBehindItalic = style === 'bold' && before?.kind === 'open' && before.style === 'italic'
  open.splice(isBehindItalic ? -1 : open.length, 0, style)
  line.splice(isBehindItalic ? -1 : line.length, 0, { kind: 'open', style })
}

/** Marks nest: what was opened later is closed before, and opened again. */
function closeStyle(open: Style[], style: Style): Piece[] {
  const later = open.splice(open.lastIndexOf(style)).slice(1)
  open.push(...later)
  return [...closing([style, ...later]), ...later.map((each): Piece => ({ kind: 'open', style: each }))]
}

/**
 * A mark is put where every reader of WhatsApp's marks takes it for one: its pair on one line, outside of it the edge of the
 * line, white space, punctuation, an emoji or another mark, inside of it no white space. Where the words before or behind
 * it run on in a script without spaces (`**서울**은`, `这是**重点**内容`), or behind punctuation (`**Note:**text`), a hair space makes
 * room for the mark; within a word of other letters there is none, only the words. Source
 * for the reading: mautrix-whatsapp's `formatting.go`, which is laxer behind the closing mark; the stricter rule is safe in both.
 */
function formatLine(pieces: readonly Piece[]): FormattedLine {
  const { items, pairs } = toItems(pieces)
  for (const pair of pairs) pair.isShown = isReadable(items, pair)
  let text = ''
  const wrapped: Wrapped[] = []
  const starts = new Map<Pair, number>()
  for (const item of items) {
    if (item.kind === 'text') text += item.text
    else if (item.kind === 'code') {
      const mark = markOfCode(item.text)
      if (mark !== '') wrapped.push(wrap(text.length, `${mark}${item.text}${mark}`, mark))
      text += `${mark}${item.text}${mark}`
    } else if (item.pair.isShown) {
      const mark = MARKS[item.pair.style]
      if (item.kind === 'open') {
        if (item.pair.isApart[0]) text += HAIR_SPACE
        starts.set(item.pair, text.length)
      }
      text += mark
      if (item.kind === 'close') {
        wrapped.push({ start: starts.get(item.pair) ?? 0, end: text.length, open: mark, close: mark })
        if (item.pair.isApart[1]) text += HAIR_SPACE
      }
    }
  }
  return { text, wrapped }
}

function wrap(start: number, text: string, mark: string): Wrapped {
  return { start, end: start + text.length, open: mark, close: mark }
}

/** Code with backticks in it stands between three; with three in it between none. */
function markOfCode(code: string): string {
  if (!code.includes('`')) return '`'
  return code.includes('```') || code.startsWith('`') || code.endsWith('`') ? '' : '```'
}

function toItems(pieces: readonly Piece[]): { items: Item[]; pairs: Pair[] } {
  const items: Item[] = []
  const pairs: Pair[] = []
  const open: Pair[] = []
  for (const piece of pieces) {
    if (piece.kind === 'open') {
      const pair = {
        style: piece.style,
        open: items.length,
        close: -1,
        isShown: false,
        isApart: [false, false] as [boolean, boolean],
      }
      pairs.push(pair)
      open.push(pair)
      items.push({ kind: 'open', pair })
    } else if (piece.kind === 'close') {
      const pair = open.pop()
      if (pair === undefined) continue
      pair.close = items.length
      items.push({ kind: 'close', pair })
    } else if (piece.kind !== 'break' && piece.text !== '') items.push(piece)
  }
  return { items, pairs }
}

function isReadable(items: readonly Item[], pair: Pair): boolean {
  const inner = items.slice(pair.open + 1, pair.close)
  const content = inner
    .map((item) => (item.kind === 'code' ? '`' : item.kind === 'text' ? item.text : ''))
    .join('')
  if (content === '' || content !== content.trim()) return false
  if (mayCloseWithin(content, MARKS[pair.style])) return false
  const before = neighbour(items, pair.open, -1)
  const behind = neighbour(items, pair.close, 1)
  pair.isApart = [isInWord(before), isInWord(behind)]
  return mayPart(before, first(content)) && mayPart(behind, last(content))
}

/** Whether a mark may stand between these two, where a hair space helps. */
function mayPart(outside: string, inside: string): boolean {
  if (!isInWord(outside)) return true
  if (/[*_~]/.test(outside)) return false
  return isSpaceless(outside) || isSpaceless(inside) || !isInWord(inside)
}

/** A star that is no mark of ours, at the end of a word, would end bold too early. */
function mayCloseWithin(content: string, mark: string): boolean {
  for (let at = content.indexOf(mark); at !== -1; at = content.indexOf(mark, at + 1)) {
    const before = content.charAt(at - 1)
    if (before !== '' && !/\s/.test(before) && !isInWord(content.charAt(at + 1))) return true
    if (at === 0 || at === content.length - 1) return true
  }
  return false
}

/** The character beside an item; a mark that is shown counts as none. */
function neighbour(items: readonly Item[], from: number, step: 1 | -1): string {
  for (let index = from + step; ; index += step) {
    const item = items[index]
    if (item === undefined) return ''
    if (item.kind === 'code') return '`'
    if (item.kind === 'text') return step === 1 ? first(item.text) : last(item.text)
    if (item.pair.isShown) return ''
  }
}

function first(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0x20)
}

function last(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? ''
}

function isInWord(character: string): boolean {
  return IN_WORD.test(character) && !EMOJI_END.test(character)
}

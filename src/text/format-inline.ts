/** Emphasis nested deeper than this stays as it was written. */
const MAX_DEPTH = 8

/** Markdown's marks, longest first, with what WhatsApp shows for them. */
const EMPHASIS = [
  { mark: '***', before: '*_', after: '_*' },
  { mark: '___', before: '*_', after: '_*' },
  { mark: '**', before: '*', after: '*' },
  { mark: '__', before: '*', after: '*' },
  { mark: '~~', before: '~', after: '~' },
  { mark: '*', before: '_', after: '_' },
  { mark: '_', before: '_', after: '_' },
] as const

/** Without marks at its end: they belong to the emphasis around it. */
const ADDRESS = /https?:\/\/[^\s<>]*[^\s<>*_~]/y
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/y
const LINK = /!?\[((?:[^[\]\\]|\\.)*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+["'][^"']*["'])?\s*\)/y
const BREAK = /<br\s*\/?>/iy
const ESCAPABLE = /[\\`*_{}[\]()#+\-.!~>|]/
/** Characters that run words together; scripts without spaces between words do not count. */
const WORD = /[\p{L}\p{N}]/u
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u
/** What an address, a link or a line break can begin with. */
const ADDRESS_START = new Set(['h', '<', '[', '!'])

/** One line (or part of one) of Markdown; code spans and addresses are not touched. */
export function formatInline(line: string, depth = 0): string {
  let output = ''
  let position = 0
  /** Marks that have no partner further on, so that a line full of them stays linear. */
  const unmatched = new Set<string>()
  while (position < line.length) {
    const piece =
      escaped(line, position) ??
      codeSpan(line, position, unmatched) ??
      address(line, position) ??
      emphasis(line, position, depth, unmatched)
    output += piece?.text ?? line.charAt(position)
    position += piece?.length ?? 1
  }
  return output
}

interface Piece {
  text: string
  /** How many characters of the line it replaces. */
  length: number
}

function escaped(line: string, position: number): Piece | null {
  const next = line.charAt(position + 1)
  return line[position] === '\\' && ESCAPABLE.test(next) ? { text: next, length: 2 } : null
}

function codeSpan(line: string, position: number, unmatched: Set<string>): Piece | null {
  if (line[position] !== '`') return null
  const marks = runAt(line, position)
  const close = unmatched.has(marks) ? -1 : findRun(line, marks, position + marks.length)
  if (close === -1) {
    unmatched.add(marks)
    return { text: marks, length: marks.length }
  }
  const length = close + marks.length - position
  return { text: line.slice(position, position + length), length }
}

function address(line: string, position: number): Piece | null {
  if (!ADDRESS_START.has(line.charAt(position))) return null
  const bare = matchAt(ADDRESS, line, position)
  if (bare !== null) return { text: bare[0], length: bare[0].length }
  const automatic = matchAt(AUTOLINK, line, position)
  if (automatic !== null) return { text: automatic[1] ?? '', length: automatic[0].length }
  if (matchAt(BREAK, line, position) !== null)
    return { text: '\n', length: line.indexOf('>', position) + 1 - position }
  const link = matchAt(LINK, line, position)
  if (link === null) return null
  const [whole, label = '', target = ''] = link
  const text = formatInline(label, MAX_DEPTH).trim()
  return { text: text === '' || text === target ? target : `${text} (${target})`, length: whole.length }
}

function emphasis(line: string, position: number, depth: number, unmatched: Set<string>): Piece | null {
  const character = line[position]
  if (character !== '*' && character !== '_' && character !== '~') return null
  const run = runAt(line, position)
  const kind = EMPHASIS.find(({ mark }) => mark === run)
  const close =
    kind === undefined || depth >= MAX_DEPTH || unmatched.has(run) || !opensAt(line, position, run.length)
      ? -1
      : findClosing(line, run, position + run.length)
  if (kind === undefined || close === -1) {
    if (kind !== undefined && opensAt(line, position, run.length)) unmatched.add(run)
    return { text: run, length: run.length }
  }
  const inner = formatInline(line.slice(position + run.length, close), depth + 1)
  return { text: `${kind.before}${inner}${kind.after}`, length: close + run.length - position }
}

/** Before a word and not inside of one: `2*3*4` and `snake_case_name` are no emphasis. */
function opensAt(line: string, position: number, length: number): boolean {
  const after = line.charAt(position + length)
  return after !== '' && !/\s/.test(after) && !isWordBefore(line, position)
}

function findClosing(line: string, run: string, from: number): number {
  for (let position = from; position < line.length;) {
    const skipped = skip(line, position)
    if (skipped > 0) {
      position += skipped
      continue
    }
    if (line[position] !== run[0]) {
      position += 1
      continue
    }
    const found = runAt(line, position)
    if (found === run && position > from && closesAt(line, position, run.length)) return position
    position += found.length
  }
  return -1
}

function closesAt(line: string, position: number, length: number): boolean {
  return !/\s/.test(line.charAt(position - 1)) && !isWordAfter(line, position + length)
}

/** Length of what may hold marks that mean nothing: an escape, a code span, an address. */
function skip(line: string, position: number): number {
  if (line[position] === '\\') return 2
  if (line[position] === '`') {
    const marks = runAt(line, position)
    const close = findRun(line, marks, position + marks.length)
    return close === -1 ? marks.length : close + marks.length - position
  }
  return line[position] === 'h' ? (matchAt(ADDRESS, line, position)?.[0].length ?? 0) : 0
}

function runAt(line: string, position: number): string {
  let end = position
  while (line[end] === line[position]) end += 1
  return line.slice(position, end)
}

/** The next run of exactly these marks. */
function findRun(line: string, marks: string, from: number): number {
  for (let position = line.indexOf(marks, from); position !== -1;) {
    const run = runAt(line, position)
    if (run.length === marks.length) return position
    position = line.indexOf(marks, position + run.length)
  }
  return -1
}

function matchAt(sticky: RegExp, line: string, position: number): RegExpExecArray | null {
  sticky.lastIndex = position
  return sticky.exec(line)
}

function isWordBefore(line: string, position: number): boolean {
  return isWord(Array.from(line.slice(Math.max(0, position - 2), position)).at(-1) ?? '')
}

function isWordAfter(line: string, position: number): boolean {
  return isWord(String.fromCodePoint(line.codePointAt(position) ?? 0x20))
}

function isWord(character: string): boolean {
  return WORD.test(character) && !SPACELESS.test(character)
}

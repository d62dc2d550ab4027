import type { Token } from 'markdown-it'
import type { FormattedText, Wrapped } from '../formatted-text.ts'
import type { FormatManner } from '../text-reader.ts'
import { alignTable } from './align-table.ts'
import { type FormattedLine, formatLines } from './format-line.ts'
import { formatTable } from './format-table.ts'
import { type Piece, toPieces } from './inline-pieces.ts'
import { parseMarkdown } from './markdown-parser.ts'

const FENCE = '```'
const ZERO_WIDTH_SPACE = '\u200B'
const QUOTE = '> '
/** Each line of a list item begins with it, however short the line is. */
const MAX_INDENT = 24
/** A line of a quote may be blank but for its marks. */
const BLANK = /^[\s>]*$/

/**
 * Markdown as assistants write it → what WhatsApp shows: `*bold*`, `_italic_`, `~strike~`, `- ` and numbered lists, quotes,
 * code as it is, headings in bold, links as "text (address)", tables as `manner` says. Markup is gone, with what is only meant for
 * programs.
 */
export function formatMarkdown(
  markdown: string,
  manner: FormatManner = { tables: 'bullets' },
): FormattedText {
  const tokens = parseMarkdown(markdown)
  return tokens === null ? { text: markdown, wrapped: [] } : new BlockWriter(markdown, manner).write(tokens)
}

/** How a level of lists or quotes begins its lines. */
interface Level {
  indent: string
  /** Before the first line of a list item; `null` once it is written. */
  marker: string | null
  /** What the marker belongs to. */
  item: Token | null
  /** Something in it was not for a person. */
  hidesSome: boolean
  isQuote: boolean
  list: OpenList | null
}

/** `numbers`: of the items of a numbered list, in their order. */
interface OpenList {
  numbers: string[] | null
  index: number
}

class BlockWriter {
  readonly #lines: string[]
  #text = ''
  readonly #wrapped: Wrapped[] = []
  #levels: Level[] = [{ indent: '', marker: null, item: null, hidesSome: false, isQuote: false, list: null }]
  #wasInQuote = false
  /** The line of the source behind what was written last. */
  #writtenTo = 0

  readonly #manner: FormatManner

  constructor(markdown: string, manner: FormatManner) {
    this.#manner = manner
    this.#lines = markdown.split(/\r\n?|\n/)
  }

  write(tokens: readonly Token[]): FormattedText {
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index]
      if (token === undefined) continue
      if (token.type === 'table_open') index = this.#table(tokens, index)
      else this.#block(token, tokens, index)
    }
    const wrapped = this.#wrapped.toSorted((one, other) => one.start - other.start || other.end - one.end)
    return { text: this.#text, wrapped }
  }

  #block(token: Token, tokens: readonly Token[], index: number): void {
    const { type } = token
    if (type === 'inline') this.#paragraph(token, tokens[index - 1]?.type === 'heading_open')
    else if (type === 'fence' || type === 'code_block') this.#code(token)
    else if (type === 'hidden_element') this.#level.hidesSome = true
    else if (type === 'hr') this.#put([plain('---')], token)
    else if (type === 'blockquote_open') this.#push({ isQuote: true })
    else if (type === 'bullet_list_open') this.#push({ list: { numbers: null, index: 0 } })
    else if (type === 'ordered_list_open')
      this.#push({ list: { numbers: numbersOf(tokens, index), index: 0 } })
    else if (type === 'list_item_open') this.#item(token)
    else if (type === 'list_item_close') this.#endItem()
    else if (/^(?:blockquote|bullet_list|ordered_list)_close$/.test(type)) this.#levels.pop()
  }

  get #level(): Level {
    return (
      this.#levels.at(-1) ?? {
        indent: '',
        marker: null,
        item: null,
        hidesSome: false,
        isQuote: false,
        list: null,
      }
    )
  }

  /** A quote begins its lines anew: WhatsApp knows quotes at the start of a line alone. */
  #push({ isQuote = false, list = null }: Partial<Level>): void {
    const { indent, isQuote: isInQuote } = this.#level
    if (isQuote) this.#flushMarker()
    this.#levels.push({
      indent: isQuote ? '' : indent,
      marker: null,
      item: null,
      hidesSome: false,
      isQuote: isQuote || isInQuote,
      list,
    })
  }

  #item(token: Token): void {
    const { list, indent, isQuote } = this.#level
    const marker =
      list?.numbers === null || list === null ? '- ' : `${list.numbers[list.index] ?? '1'}${token.markup} `
    if (list !== null) list.index += 1
    // A list that begins on the line of an item of another one shows both markers there.
    const outer = this.#levels.at(-2)
    const begin = outer?.marker ?? indent
    if (outer !== undefined) outer.marker = null
    const inner = (indent + ' '.repeat(Math.min(marker.length, 3))).slice(0, MAX_INDENT)
    this.#levels.push({
      indent: inner,
      marker: begin + marker,
      item: token,
      hidesSome: false,
      isQuote,
      list: null,
    })
  }

  /** An item without content has its marker, unless what it held was not for a person. */
  #endItem(): void {
    if (!this.#level.hidesSome) this.#flushMarker()
    this.#levels.pop()
  }

  #flushMarker(): void {
    const { marker, item } = this.#level
    if (marker !== null) this.#put([plain('')], item)
  }

  #paragraph(token: Token, isHeading: boolean): void {
    const pieces = toPieces(token.children ?? [])
    const lines = isJson(token.content)
      ? token.content.split('\n').map(plain)
      : formatLines(withoutEdges(pieces), isHeading ? ['bold'] : [])
    if (lines.some(({ text }) => text.trim() !== '')) this.#put(lines.map(trimmed), token)
    else if (token.content.trim() !== '') this.#level.hidesSome = true
  }

  #code(token: Token): void {
    const content = firstLine(token) + token.content
    this.#fence(content === '' || content.endsWith('\n') ? content : `${content}\n`, token)
  }

  #fence(lines: string, token: Token | null): void {
    this.#flushMarker()
    this.#gap(token)
    const start = this.#text.length
    this.#text += `${FENCE}\n${lines.replaceAll(/`{3,}/g, apart)}${FENCE}`
    this.#wrapped.push({ start, end: this.#text.length, open: `${FENCE}\n`, close: `\n${FENCE}` })
    this.#wasInQuote = false
  }

  /** Answers the index of its end. */
  #table(tokens: readonly Token[], start: number): number {
    let end = start
    while (end < tokens.length && tokens[end]?.type !== 'table_close') end += 1
    const table = tokens.slice(start, end)
    const { tables } = this.#manner
    const aligned = tables === 'code' || tables === 'block' ? alignTable(table) : null
    if (aligned !== null) {
      this.#fence(`${aligned.join('\n')}\n`, tokens[start] ?? null)
      return end
    }
    const rows = tables === 'off' ? [this.#written(tokens[start])] : formatTable(table)
    for (const [index, row] of rows.entries()) {
      if (index > 0) this.#text += '\n'
      this.#put(row, index === 0 ? (tokens[start] ?? null) : null)
    }
    return end
  }

  /** The lines of a table as they are, without the marks of what it stands in. */
  #written(table: Token | undefined): FormattedLine[] {
    const [first, end] = table?.map ?? [0, 0]
    return this.#lines.slice(first, end).map((line) => plain(line.replace(/^[ \t>]+/, '')))
  }

  /** `token`: for the blank line that may be before it. */
  #put(lines: readonly FormattedLine[], token: Token | null): void {
    for (const [index, { text, wrapped }] of lines.entries()) {
      const level = this.#level
      if (index === 0) this.#gap(token)
      else this.#text += '\n'
      const begin = level.marker ?? level.indent
      level.marker = null
      const prefix = level.isQuote ? QUOTE + begin : begin
      const lineStart = this.#text.length
      const offset = lineStart + prefix.length
      this.#text += (prefix + text).trimEnd()
      // A line that is cut goes on as a quote.
      if (level.isQuote && text !== '')
        this.#wrapped.push({ start: lineStart, end: this.#text.length, open: QUOTE, close: '' })
      for (const each of wrapped)
        this.#wrapped.push({ ...each, start: each.start + offset, end: each.end + offset })
      this.#wasInQuote = level.isQuote
    }
  }

  #gap(token: Token | null): void {
    const [first, end] = token?.map ?? [this.#writtenTo, this.#writtenTo]
    const isApart = this.#lines.slice(this.#writtenTo, first).some((line) => BLANK.test(line))
    // An item ends with the item behind it.
    this.#writtenTo = token?.type === 'list_item_open' ? first + 1 : end
    if (this.#text === '') return
    // A blank line would end the quote, and WhatsApp would show the mark of one.
    this.#text += isApart && !(this.#wasInQuote && this.#level.isQuote) ? '\n\n' : '\n'
  }
}

/** Code that begins on the line of its fence, where a language stands otherwise: ```` ```SELECT name FROM people ````. */
function firstLine({ type, info, content }: Token): string {
  const text = type === 'fence' ? info.trim() : ''
  const words = text.split(/\s+/).length
  const isCode = content.trim() === '' ? words > 1 : words > 2 && !/[={:"]/.test(text)
  return isCode ? `${text}\n` : ''
}

/** Three backticks in code would end it for WhatsApp, wherever they stand. */
function apart(backticks: string): string {
  return backticks.replaceAll(/``(?=`)/g, `$&${ZERO_WIDTH_SPACE}`)
}

/** The numbers as written, unless all are the same: then they are counted. */
function numbersOf(tokens: readonly Token[], start: number): string[] {
  const list = tokens[start]
  const numbers: string[] = []
  for (let index = start + 1; ; index += 1) {
    const token = tokens[index]
    if (token === undefined || (token.type === 'ordered_list_close' && token.level === list?.level)) break
    if (token.type === 'list_item_open' && token.level === (list?.level ?? 0) + 1) numbers.push(token.info)
  }
  const isSame = numbers.every((number) => number === numbers[0])
  return isSame ? numbers.map((number, index) => String(Number(number) + index)) : numbers
}

/** An object or a list that a program may read: none of its characters is a mark. */
function isJson(text: string): boolean {
  if (!/^[{[][^]*[\]}]$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Tags leave line breaks at the edges of a paragraph. */
function withoutEdges(pieces: readonly Piece[]): Piece[] {
  const isShown = (piece: Piece): boolean => piece.kind !== 'break'
  const start = pieces.findIndex(isShown)
  return start === -1 ? [] : pieces.slice(start, pieces.findLastIndex(isShown) + 1)
}

function trimmed({ text, wrapped }: FormattedLine): FormattedLine {
  return { text: text.trimEnd(), wrapped }
}

function plain(text: string): FormattedLine {
  return { text, wrapped: [] }
}

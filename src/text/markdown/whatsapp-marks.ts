import type { Token } from 'markdown-it'

/** Characters of emoji, as the source of a regular expression with the flag `u`. */
const EMOJI = String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\uFE0F]|\u200D|[\d#]\uFE0F?\u20E3`
/** What may stand before a title or a name on its line: bullets, numbers and boxes that are no Markdown, and emoji. */
const ORNAMENT = new RegExp(
  String.raw`^(?:[\s\u2022\u00b7\u2023\u25e6\u25aa\u25cf\u25cb\u2013\u2014\u2192\u2713-]|\d{1,3}[.)](?=\s)|\[[ xX]\](?=\s)|${EMOJI})*$`,
  'u',
)
const EMOJI_ALONE = new RegExp(String.raw`^(?:\s|${EMOJI})*$`, 'u')
/** French puts a space before its colon. */
const COLON_BEHIND = /^(?:[:：]|[ \u00A0\u202F]:(?=\s|$))/
const COLON_AT_END = /[:：]$/
/** `~gone~`, which is no Markdown; a path (`~/bin`) and "about" (`~5`) are nothing of the kind. */
const SINGLE_STRIKE = /(?<![\p{L}\p{N}~])~(?=[^\s~/])[^~\n]*(?<=[^\s~])~(?![\p{L}\p{N}~/])/gu
/** Stands for what is shown but holds no marks: code, an address, a formula. */
const SHOWN = '\uFFFC'
/** Longer ornaments are none. */
const MAX_ORNAMENT = 40

/** What a block has of WhatsApp's own marks. */
export interface WhatsAppMarks {
  /** The tokens of `*x*` that mean bold. */
  bold: ReadonlySet<Token>
  /** The marks of `~x~` by the token of text that they stand in. */
  tildes: ReadonlyMap<Token, readonly Tilde[]>
}

export interface Tilde {
  kind: 'open' | 'close'
  /** In the content of the token. */
  at: number
}

interface Block {
  /** What it shows, without marks. */
  text: string
  spans: Span[]
  /** Its tokens of text, and where each of them begins. */
  texts: { token: Token; start: number }[]
}

/** Between single stars, as places in the text of the block. */
interface Span {
  tokens: [open: Token, close: Token]
  start: number
  end: number
}

/**
 * WhatsApp's marks in a paragraph, heading, list item or cell, whose inline tokens these are. `~x~` is always struck out; of `*x*`, which
 * is italic in Markdown, it depends. Markdown's own strong in the block says that its writer knows Markdown: then it is italic.
 * Otherwise a span on one line is bold where `_x_` or `~x~` stands in the same block, where it is a whole line, and where it begins
 * a line and a colon ends it. Nothing outside of the block counts, so that a streamed answer is shown as a whole one.
 */
export function whatsAppMarks(tokens: readonly Token[]): WhatsAppMarks {
  const block = readBlock(tokens)
  const tildes = tildesOf(block)
  if (tokens.some(({ type }) => type === 'strong_open')) return { bold: new Set(), tildes }
  const hasOthers = tildes.size > 0 || tokens.some(({ type, markup }) => type === 'em_open' && markup === '_')
  const meant = block.spans.filter((span) => hasOthers || isTitleOrName(block.text, span))
  return { bold: new Set(meant.flatMap((span) => span.tokens)), tildes }
}

/** WhatsApp's marks end with their line: so must the spans. */
function readBlock(tokens: readonly Token[]): Block {
  const block: Block = { text: '', spans: [], texts: [] }
  let lineStart = 0
  const open: { token: Token; start: number }[] = []
  for (const token of tokens) {
    const { type, markup } = token
    const start = block.text.length
    if (markup === '*' && type === 'em_open') open.push({ token, start })
    else if (markup === '*' && type === 'em_close') {
      const begin = open.pop()
      if (begin !== undefined && begin.start >= lineStart)
        block.spans.push({ tokens: [begin.token, token], start: begin.start, end: start })
    } else if (type === 'text') block.texts.push({ token, start })
    block.text += textOf(token)
    if (type.endsWith('break')) lineStart = block.text.length
  }
  return block
}

function tildesOf({ text, texts }: Block): Map<Token, Tilde[]> {
  const found = new Map<Token, Tilde[]>()
  let index = 0
  const add = (kind: Tilde['kind'], at: number): void => {
    while ((texts[index + 1]?.start ?? text.length) <= at) index += 1
    const place = texts[index]
    if (place === undefined) return
    const tildes = found.get(place.token) ?? []
    found.set(place.token, tildes)
    tildes.push({ kind, at: at - place.start })
  }
  for (const { 0: struck, index: start } of text.matchAll(SINGLE_STRIKE)) {
    add('open', start)
    add('close', start + struck.length - 1)
  }
  return found
}

function isTitleOrName(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - MAX_ORNAMENT), start)
  const lineStart = before.lastIndexOf('\n') + 1
  if (lineStart === 0 && before.length < start) return false
  if (!ORNAMENT.test(before.slice(lineStart))) return false
  const [behind = ''] = text.slice(end, end + MAX_ORNAMENT).split('\n')
  const isWholeLine = behind.length < MAX_ORNAMENT && EMOJI_ALONE.test(behind)
  const name = text.slice(Math.max(start, end - 3), end).trimEnd()
  return isWholeLine || COLON_AT_END.test(name) || COLON_BEHIND.test(behind)
}

function textOf({ type, content }: Token): string {
  if (type === 'text') return content
  if (type === 'softbreak' || type === 'hardbreak') return '\n'
  return content === '' ? '' : SHOWN
}

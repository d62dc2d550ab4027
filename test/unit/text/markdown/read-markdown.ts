import createMarkdownIt, { type Token } from 'markdown-it'
import { addSpan, type Shown } from './read-whatsapp.ts'

const NAMES: Readonly<Record<string, string>> = { strong: 'bold', em: 'italic', s: 'strike' }
const parser = createMarkdownIt()

const SINGLE_TILDES = /(?<![\p{L}\p{N}~/])(~[^~]+~)/u
const EMOJI_ALONE = new RegExp(String.raw`^(?:\s|\p{RGI_Emoji})*$`, 'v')

/**
 * The same of Markdown, by the tree of a parser as it comes: headings are bold, a link has its address behind its text, and single stars
 * and tildes are WhatsApp's where they are written as WhatsApp's.
 */
export function readMarkdown(markdown: string): Shown {
  const shown: Shown = { spans: [], code: [], items: [] }
  let quotes = 0
  let heading = 0
  /** Of each list that is open: its number, `null` of bullets, whether that counts, and how far its lines are indented. */
  const lists: { number: number | null; isCounted: boolean; indent: number }[] = []
  let begun = ''
  const tokens = parser.parse(markdown, {})
  for (const [index, token] of tokens.entries()) {
    const { type, nesting } = token
    const outer = lists.at(-1)
    if (type.startsWith('blockquote')) quotes += nesting
    if (type.startsWith('heading')) heading += nesting
    if (type === 'bullet_list_open' || type === 'ordered_list_open') {
      const indent = (outer?.indent ?? -3) + (outer === undefined ? 3 : outer.number === null ? 2 : 3)
      const number = type === 'bullet_list_open' ? null : Number(token.attrGet('start') ?? 1)
      lists.push({ number, isCounted: isCounted(tokens, index), indent })
    }
    if (type.endsWith('list_close')) lists.pop()
    if (type === 'list_item_open' && outer !== undefined) {
      const marker =
        outer.number === null ? '-' : `${outer.isCounted ? outer.number : token.info}${token.markup}`
      if (outer.number !== null) outer.number += 1
      // A list on the line of an item of another one.
      if (begun !== '') shown.items.pop()
      const text =
        begun === '' ? `${quotes > 0 ? '> ' : ''}${' '.repeat(outer.indent)}${marker}` : `${begun} ${marker}`
      shown.items.push(text)
      begun = text
    } else if (!type.endsWith('list_open')) begun = ''
    if (type === 'fence' || type === 'code_block') shown.code.push(token.content.replace(/\n$/, ''))
    if (type === 'hr') addSpan(shown.spans, '---', quotes > 0 ? 'quote' : '')
    if (type === 'inline')
      readInline(token.children ?? [], [quotes > 0 ? 'quote' : '', heading > 0 ? 'bold' : ''], shown)
  }
  return shown
}

function readInline(tokens: readonly Token[], base: readonly string[], { spans }: Shown): void {
  const open: string[] = []
  let link: { address: string; text: string } | null = null
  const bold = starsOfWhatsApp(tokens)
  for (const [index, token] of tokens.entries()) {
    const [, name = '', edge] = /^(strong|em|s)_(open|close)$/.exec(token.type) ?? []
    const style = bold.has(index) ? 'bold' : (NAMES[name] ?? '')
    if (edge === 'open') open.push(style)
    if (edge === 'close') open.splice(open.lastIndexOf(style), 1)
    const styles = [
      ...new Set([...base, ...open].filter((each) => each !== '' && each !== 'quote')),
    ].toSorted()
    const look = [base.includes('quote') ? 'quote' : '', ...styles].filter(Boolean).join(' ')
    if (token.type === 'link_open') link = { address: String(token.attrGet('href')), text: '' }
    if (link !== null) link.text += token.content
    if (token.type === 'code_inline') addSpan(spans, token.content, `${look} code`.trim())
    else
      for (const part of token.content.split(SINGLE_TILDES)) {
        const isStruck = SINGLE_TILDES.test(part)
        addSpan(spans, isStruck ? part.slice(1, -1) : part, isStruck ? `${look} strike`.trim() : look)
      }
    if (token.type === 'link_close' && link !== null) {
      if (link.text !== link.address) addSpan(spans, `(${link.address})`, look)
      link = null
    }
  }
}

/** The places of the tokens of `*x*` that mean bold. */
function starsOfWhatsApp(tokens: readonly Token[]): ReadonlySet<number> {
  const found = new Set<number>()
  if (tokens.some(({ type }) => type === 'strong_open')) return found
  const isOther = ({ type, markup, content }: Token): boolean =>
    (type === 'em_open' && markup === '_') || (type === 'text' && SINGLE_TILDES.test(content))
  const hasOther = tokens.some(isOther)
  const ends = [
    -1,
    ...tokens.flatMap(({ type }, index) => (type.endsWith('break') ? [index] : [])),
    tokens.length,
  ]
  const shown = (from: number, to: number): string =>
    tokens
      .slice(from, to)
      .map(({ type, content }) => (type === 'text' || content === '' ? content : 'x'))
      .join('')
  for (const [order, end] of ends.slice(1).entries()) {
    const start = (ends[order] ?? -1) + 1
    for (let open = start; open < end; open += 1) {
      const { type, markup, level } = tokens[open] ?? {}
      if (type !== 'em_open' || markup !== '*') continue
      const close = tokens.findIndex(
        (token, index) => index > open && token.type === 'em_close' && token.level === level,
      )
      const isName = /[:：]\s*$/.test(shown(open, close)) || /^[:：]/.test(shown(close, end))
      const isTitle = EMOJI_ALONE.test(shown(close, end))
      const isFirst = EMOJI_ALONE.test(shown(start, open))
      if (close < end && (hasOther || (isFirst && (isName || isTitle)))) found.add(open).add(close)
    }
  }
  return found
}

/** Where all numbers of a list are the same, as Markdown allows. */
function isCounted(tokens: readonly Token[], start: number): boolean {
  const level = tokens[start]?.level ?? 0
  const end = tokens.findIndex(
    (token, index) => index > start && token.level === level && token.nesting === -1,
  )
  const items = tokens
    .slice(start, end)
    .filter((token) => token.type === 'list_item_open' && token.level === level + 1)
  return new Set(items.map(({ info }) => info)).size === 1
}

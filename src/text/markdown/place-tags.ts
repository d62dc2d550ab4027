import type { Token } from 'markdown-it'
import { isUnopenable } from './address-kinds.ts'
import { BLOCK_ELEMENTS, FOR_PROGRAMS, HIDDEN_ELEMENTS, VOID_ELEMENTS } from './element-names.ts'
import type { Tag } from './markup-rule.ts'

const SAME_AS: Readonly<Record<string, string>> = {
  b: 'strong',
  strong: 'strong',
  i: 'em',
  em: 'em',
  s: 's',
  del: 's',
  strike: 's',
  h1: 'strong',
  h2: 'strong',
  h3: 'strong',
  h4: 'strong',
  h5: 'strong',
  h6: 'strong',
}
const CODE_ELEMENTS: ReadonlySet<string> = new Set(['code', 'kbd', 'samp', 'tt'])

const PLAIN_DIGITS = '0123456789+-=()'
const RAISED: Readonly<Record<string, string>> = { sup: '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾', sub: '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎' }

/** Raised digits are short: to read all that stands in nested elements would take the square of their number. */
const MAX_RAISED_TOKENS = 20

/**
 * The tokens of a paragraph without its tags: what they mean is put in the form that Markdown's own marks have. A tag
 * that a sentence talks about ("use the <p> tag") is text.
 */
export function placeTags(tokens: readonly Token[]): Token[] {
  if (!tokens.some(({ type }) => type === 'tag')) return [...tokens]
  const ends = pairTags(tokens)
  const isEnd = new Set(ends.values())
  const placed: Token[] = []
  /** Ends of elements that a sentence talks about. */
  const named = new Set<number>()
  const closes = new Map<number, Token>()
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    const tag = tagOf(token)
    if (token === undefined) continue
    if (tag === null) {
      // A tag has ended the line already.
      const isSecond = token.type === 'softbreak' && placed.at(-1)?.type === 'softbreak'
      if (!isSecond) placed.push(token)
      continue
    }
    const end = ends.get(index)
    if (end === undefined && isUnfinishedCall(tag, tokens[index + 1], tokens[index + 2])) break
    if (end !== undefined && HIDDEN_ELEMENTS.has(tag.name)) {
      if (isNamedPair(tokens, index, end)) named.add(end)
      else {
        index = end
        continue
      }
    }
    if (named.has(index) || (end !== undefined && named.has(end))) {
      placed.push(make(token, 'text', token.content))
      continue
    }
    const isShort = end !== undefined && end - index <= MAX_RAISED_TOKENS
    const raised = isShort ? raisedDigits(tag.name, tokens.slice(index + 1, end)) : null
    if (raised !== null && end !== undefined) {
      placed.push(make(token, 'text', raised))
      index = end
      continue
    }
    if (end !== undefined && CODE_ELEMENTS.has(tag.name)) {
      placed.push(make(token, 'code_inline', shownIn(tokens.slice(index + 1, end))))
      index = end
      continue
    }
    const isPaired = end !== undefined || isEnd.has(index)
    if (!isPaired && isTalkedAbout(tag, placed.at(-1), tokens[index + 1])) {
      placed.push(make(token, 'text', token.content))
      continue
    }
    placed.push(...replace(token, tag, placed))
    const close = closes.get(index)
    if (close !== undefined) placed.push(close)
    if (end === undefined) continue
    const edges = edgesOf(token, tag)
    if (edges === null) continue
    placed.push(edges.open)
    closes.set(end, edges.close)
  }
  return placed
}

/** The index of the end of each element that has one, by the index of its start. */
function pairTags(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open = new Map<string, number[]>()
  const ends = new Map<number, number>()
  for (const [index, token] of tokens.entries()) {
    const tag = tagOf(token)
    if (tag === null || VOID_ELEMENTS.has(tag.name)) continue
    const starts = open.get(tag.name) ?? []
    open.set(tag.name, starts)
    const start = tag.isEnd ? starts.pop() : undefined
    if (!tag.isEnd) starts.push(index)
    else if (start !== undefined) ends.set(start, index)
  }
  return ends
}

/** What stands where the tag was. */
function replace(token: Token, tag: Tag, placed: readonly Token[]): Token[] {
  const { name, isEnd } = tag
  if (name === 'img') {
    const source = attributeOf(tag, 'src')
    const address = isUnopenable(source) ? '' : source
    const text = [attributeOf(tag, 'alt'), address === '' ? '' : `(${address})`].filter(Boolean).join(' ')
    return text === '' ? [] : [make(token, 'text', text)]
  }
  if (name === 'br') return [make(token, 'softbreak')]
  if (name === 'td' || name === 'th') return isEnd ? [make(token, 'text', ' ')] : []
  if (!BLOCK_ELEMENTS.has(name)) return []
  const isAtStart = placed.length === 0 || placed.at(-1)?.type === 'softbreak'
  const line = isAtStart ? [] : [make(token, 'softbreak')]
  if (name === 'hr') return [...line, make(token, 'text', '---'), make(token, 'softbreak')]
  return name === 'li' && !isEnd ? [...line, make(token, 'text', '- ')] : line
}

function edgesOf(token: Token, tag: Tag): { open: Token; close: Token } | null {
  const same = SAME_AS[tag.name]
  if (same !== undefined) return { open: make(token, `${same}_open`), close: make(token, `${same}_close`) }
  const address = tag.name === 'a' ? attributeOf(tag, 'href') : ''
  if (address === '') return null
  const open = make(token, 'link_open')
  open.attrs = [['href', address]]
  return { open, close: make(token, 'link_close') }
}

/** A start without an end, apart from what is around it, or right behind a word as in `vector<b>`. */
function isTalkedAbout(
  { name, attributes, isEnd }: Tag,
  before: Token | undefined,
  after: Token | undefined,
): boolean {
  if (VOID_ELEMENTS.has(name) || attributes.trim() !== '') return false
  const last = before === undefined || before.type === 'softbreak' ? '' : before.content.slice(-1)
  const next = after === undefined || after.type === 'softbreak' ? '' : after.content.slice(0, 1)
  if ((last === '' || isEnd) && next === '') return false
  if (/\w/.test(last) && !BLOCK_ELEMENTS.has(name)) return true
  const isApart = (character: string): boolean => character === '' || /[\s.,;:!?]/.test(character)
  return isApart(last) && isApart(next)
}

/** The call of a tool behind words that nothing closes: what follows in the paragraph is its arguments. */
function isUnfinishedCall({ name, isEnd }: Tag, after: Token | undefined, next: Token | undefined): boolean {
  if (isEnd || !FOR_PROGRAMS.has(name)) return false
  const first = after?.type === 'softbreak' || after?.content.trim() === '' ? next : after
  return /^\s*[{[]/.test(first?.content ?? '')
}

/** "Between <style> and </style>": words alone, apart from their tags. */
function isNamedPair(tokens: readonly Token[], start: number, end: number): boolean {
  if (FOR_PROGRAMS.has(tagOf(tokens[start])?.name ?? '')) return false
  const inner = tokens.slice(start + 1, end)
  if (!inner.every(({ type }) => type === 'text')) return false
  const isBehindWord = /\w[ \t]+$/.test(tokens[start - 1]?.content ?? '')
  return isBehindWord && /^\s(?:[\p{L}\s]{1,40})\s$/u.test(inner.map(({ content }) => content).join(''))
}

/** `x<sup>2</sup>` without its tags would be another number; `null` for what Unicode has no such characters for. */
function raisedDigits(name: string, inner: readonly Token[]): string | null {
  const digits = RAISED[name]
  if (digits === undefined) return null
  const written = inner.map(({ content }) => content).join('')
  if (!/^[\d+=()-]{1,20}$/.test(written)) return null
  return Array.from(written, (character) => digits.charAt(PLAIN_DIGITS.indexOf(character))).join('')
}

function shownIn(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content }) => (type === 'tag' ? '' : type.endsWith('break') ? ' ' : content))
    .join('')
    .trim()
}

function attributeOf({ attributes }: Tag, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"']+))`, 'i').exec(attributes)
  return (found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim()
}

function tagOf(token: Token | undefined): Tag | null {
  // Only `markupRule` makes such tokens.
  return token?.type === 'tag' ? ((token.meta?.tag ?? null) as Tag | null) : null
}

function make(like: Token, type: string, content = ''): Token {
  // The class of tokens is loaded with the parser; this module needs its type alone.
  const token = Object.assign(Object.create(Object.getPrototypeOf(like) as object), like) as Token
  return Object.assign(token, { type, content, attrs: null, meta: null, children: null })
}

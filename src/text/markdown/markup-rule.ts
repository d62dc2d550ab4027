import type { StateInline } from 'markdown-it'
import { ELEMENTS } from './element-names.ts'
import { lastIndexIn } from './last-index.ts'

const LESS_THAN = 0x3c
/** Words alone behind a name (`<address of a friend>`) are no attributes. */
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9_]*)(\s[^<>=]*=[^<>]*|\s*)(\/?)>/y
/** A name as programmers write types: `List<Object>`, `Map<Data>`. */
const TYPE_NAME = /^[A-Z][a-z]/
const COMMENT = '<!--'

/** A tag of a known element. */
export interface Tag {
  name: string
  isEnd: boolean
  /** Between the name and the end, as written. */
  attributes: string
}

/** Tags of known elements (`tag`, with a `Tag` as meta) and comments (`comment`); what else stands in angle brackets is text. */
export function markupRule(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== LESS_THAN) return false
  if (state.src.startsWith(COMMENT, state.pos)) return comment(state, silent)
  TAG.lastIndex = state.pos
  const found = TAG.exec(state.src)
  if (found === null) return false
  const [raw, slash = '', written = '', attributes = ''] = found
  const name = written.toLowerCase()
  if (!ELEMENTS.has(name) || TYPE_NAME.test(written) || state.pos + raw.length > state.posMax) return false
  if (!silent) {
    const token = state.push('tag', '', 0)
    token.content = raw
    const tag: Tag = { name, isEnd: slash !== '', attributes }
    token.meta = { tag }
  }
  state.pos += raw.length
  return true
}

function comment(state: StateInline, silent: boolean): boolean {
  if (lastIndexIn(state, '-->') < state.pos + COMMENT.length) return false
  const end = state.src.indexOf('-->', state.pos + COMMENT.length)
  if (end === -1 || end + 3 > state.posMax) return false
  if (!silent) state.push('comment', '', 0)
  state.pos = end + 3
  return true
}

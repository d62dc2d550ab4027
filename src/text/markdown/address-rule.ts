import type { StateInline } from 'markdown-it'

const SCHEME = /https?$/i
const COLON = 0x3a
/** Up to white space, brackets of other markup, two marks in a row, and what ends an address in a Chinese sentence. */
const ADDRESS =
  /:\/\/(?:\[[0-9a-fA-F:.]+\])?(?:(?!\*\*|~~)[^\s<>[\]`"“”「」『』《》【】（），。！？；、：])+/y
const TRAILING = /[.,:;!?'*_~}]$/

/** An address as it stands in a text: what looks like marks in it means nothing. Its end is found as GitHub finds it. */
export function addressRule(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== COLON) return false
  const scheme = SCHEME.exec(state.src.slice(Math.max(0, state.pos - 5), state.pos))?.[0] ?? ''
  if (scheme === '') return false
  ADDRESS.lastIndex = state.pos
  const found = ADDRESS.exec(state.src.slice(0, state.posMax))?.[0]
  if (found === undefined) return false
  const rest = withoutTrailing(found)
  if (rest.length <= '://'.length) return false
  if (!silent) {
    // The scheme was taken for text: its letters begin nothing else.
    state.pending = state.pending.slice(0, -scheme.length)
    const token = state.push('address', '', 0)
    token.content = scheme + rest
  }
  state.pos += rest.length
  return true
}

/** Punctuation at the end belongs to the sentence; so does a bracket that was opened outside of the address. */
function withoutTrailing(address: string): string {
  let text = address
  let unopened = 0
  for (const character of address) unopened += character === ')' ? 1 : character === '(' ? -1 : 0
  for (;;) {
    if (TRAILING.test(text)) text = text.slice(0, -1)
    else if (text.endsWith(')') && unopened > 0) {
      text = text.slice(0, -1)
      unopened -= 1
    } else return text
  }
}

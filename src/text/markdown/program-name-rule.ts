import type { StateInline } from 'markdown-it'

const NAME = /__[a-z][a-z0-9]*(?:_[a-z0-9]+)*__(?=\(|\.\w)|(?<=\w\.)__[a-z][a-z0-9]*(?:_[a-z0-9]+)*__(?!\w)/y

/** A name of Python's outside of code (`__init__(self)`, `__init__.py`, `obj.__class__`) is no word in bold. */
export function programNameRule(state: StateInline, silent: boolean): boolean {
  NAME.lastIndex = state.pos
  const name = state.src[state.pos] === '_' ? NAME.exec(state.src)?.[0] : undefined
  if (name === undefined || state.pos + name.length > state.posMax) return false
  if (!silent) state.pending += name
  state.pos += name.length
  return true
}

import type { StateInline } from 'markdown-it'
import { lastIndexIn } from './last-index.ts'

/** How formulas begin and end. Between single dollars only what a price or a variable of a shell is not. */
const PAIRS = [
  { open: '\\(', close: '\\)', isShown: false },
  { open: '\\[', close: '\\]', isShown: false },
  { open: '$$', close: '$$', isShown: false },
  { open: '$', close: '$', isShown: true },
] as const
const FORMULA = /^(?=\S)(?=[^]*(?:\\[A-Za-z]|[\^_]\{|\w[\^_]\w))[^$`\n]{1,200}(?<=\S)$/
/** Of what has marks around it; `\\[1\\]` is text in brackets. */
const CALCULATION = /[\\^_=+*<>]|\d[ \t]*\/[ \t]*\d/
const SHELL = /^[A-Za-z_]\w*\b[/:.]/
const MAX_LENGTH = 4_000

/** A formula (LaTeX): what is in it stays as it is, without the marks around it, which nobody reads; nothing of it is a mark of emphasis. */
export function mathRule(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state
  const first = src[pos]
  if (first !== '$' && first !== '\\') return false
  const pair = PAIRS.find(({ open }) => src.startsWith(open, pos))
  if (pair === undefined) return false
  const start = pos + pair.open.length
  if (lastIndexIn(state, pair.close) < start) return false
  const end = src.slice(0, Math.min(posMax, start + MAX_LENGTH)).indexOf(pair.close, start)
  const content = end === -1 ? '' : src.slice(start, end)
  if (pair.isShown ? !isFormula(content) || /\w/.test(src[end + 1] ?? '') : !CALCULATION.test(content))
    return false
  if (!silent) {
    const token = state.push('formula', '', 0)
    token.content = pair.isShown ? src.slice(pos, end + pair.close.length) : content.trim()
  }
  state.pos = end + pair.close.length
  return true
}

function isFormula(content: string): boolean {
  return FORMULA.test(content) && !SHELL.test(content)
}

/** Where the line that `offset` is on begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line that `offset` is on ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const next = text.indexOf('\n', offset)
  if (next === -1) return text.length
  return text[next - 1] === '\r' && next > offset ? next - 1 : next
}

/** The white space before the first character of the line that `offset` is on. */
export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''
}

/** The line break that the text uses at `offset`, or at all. */
export function newlineOf(text: string, offset = 0): '\n' | '\r\n' {
  const next = text.indexOf('\n', offset)
  if (next !== -1) return text[next - 1] === '\r' ? '\r\n' : '\n'
  return text.includes('\r\n') ? '\r\n' : '\n'
}

export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

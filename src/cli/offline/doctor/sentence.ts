/** What an error says in the middle of a line, as a sentence by itself. */
export function sentence(message: string): string {
  const text = message.replace(/^./, (first) => first.toUpperCase())
  return /[.!?]$/.test(text) ? text : `${text}.`
}

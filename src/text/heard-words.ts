const HEARD = 'transcribed by a machine'

/**
 * What a message says, with what a machine heard in its sound: in a line of its own that begins with a mark, so that it is no command and
 * nobody takes it for what was typed. `heard`: empty where nothing was said; `null` where nobody has listened.
 */
export function withHeardWords(text: string, heard: string | null): string {
  if (heard === null) return text
  const words = heard === '' ? '[nothing is said in it]' : `[${HEARD}] "${heard}"`
  return text === '' ? words : `${text}\n${words}`
}

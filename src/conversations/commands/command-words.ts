/** Takes a choice back, where no agent and no model is called so. */
export const RESET_WORD = 'default'

/** What people and keyboards put behind a word. */
const END = /[\s.,!?;:…。，！？；：、۔؟،؛।]+$/u

/** A text without the punctuation at its end. */
export function withoutEnd(text: string): string {
  return text.replace(END, '')
}

/**
 * What shows nothing, or makes a reader see something else than what is there: control characters, line separators, marks that turn the
 * direction of writing or have no width, halves of surrogate pairs, tags outside of a flag. Emoji sequences and the
 * joiners that some scripts need are not among them.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|(?<!\u{1F3F4}[\u{E0020}-\u{E007E}]{0,8})[\u{E0000}-\u{E007F}]/gu

/** Whether `text` is one line that shows what it is: no control character, and none that changes how the others read. */
export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) === -1
}

/** `text` with `replace(found)` in the place of each character that is not printable, line breaks and tabs included. */
export function replaceUnprintable(text: string, replace: (found: string) => string): string {
  return text.replace(UNPRINTABLE, replace)
}

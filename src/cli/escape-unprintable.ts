import { replaceUnprintable } from '../protocol/text/printable.ts'

/**
 * Lines for a terminal: control characters, and characters that change how the others read, become escapes such as `\u001b`.
 * Line breaks and tabs stay. JSON remains the same JSON.
 */
export function escapeUnprintable(text: string): string {
  return replaceUnprintable(text, (found) => (found === '\n' || found === '\t' ? found : escaped(found)))
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

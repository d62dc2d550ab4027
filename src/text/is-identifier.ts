import { isPrintable } from '../protocol/printable.ts'
import { TEXT_LIMITS } from '../protocol/text-limits.ts'

/** Whether `text` can be the id of a message or the address of a person or a chat: short, and of printable characters. */
export function isIdentifier(text: string): boolean {
  return text !== '' && text.length <= TEXT_LIMITS.identifier && isPrintable(text)
}

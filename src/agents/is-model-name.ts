import { isPrintable } from '../protocol/text/printable.ts'

/** Some are whole paths. */
const MAX_LENGTH = 200

/** Whether a server may call a model so, and a person may choose it by that name. */
export function isModelName(text: string): boolean {
  return text !== '' && text.length <= MAX_LENGTH && isPrintable(text)
}

import { whatsAppText } from '../../elements/whatsapp-text.ts'

const SHOWN = new WeakMap<object, Map<string, unknown>>()

/** `text` of `message` as a phone shows it, read once however often it is drawn: what changes a message makes a new object of it. */
export function messageText(message: object, text: string): unknown {
  const known = SHOWN.get(message) ?? new Map<string, unknown>()
  SHOWN.set(message, known)
  if (!known.has(text)) known.set(text, whatsAppText(text))
  return known.get(text)
}

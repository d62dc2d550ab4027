import { type BinaryNode, S_WHATSAPP_NET } from '@whiskeysockets/baileys'

/** As an address without a user, which Baileys writes with the `@`, and as a plain word. */
const SERVER_NAMES: ReadonlySet<string | undefined> = new Set([S_WHATSAPP_NET, S_WHATSAPP_NET.slice(1)])

/** Whether WhatsApp's server itself says so, and no person's device. */
export function isFromServer({ attrs }: BinaryNode): boolean {
  return SERVER_NAMES.has(attrs.from)
}

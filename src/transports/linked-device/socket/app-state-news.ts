import type { BinaryNode } from '@whiskeysockets/baileys'

/**
 * Whether WhatsApp says that the account's app state has changed: names of contacts, muted chats and the like, of which
 * nothing is used here. Baileys would ask for it, wait for the answer with the lock that every message needs, and
 * acknowledge the news only then.
 */
export function isAppStateNews({ tag, attrs }: BinaryNode): boolean {
  return tag === 'notification' && attrs.type === 'server_sync'
}

import type { SignalDataTypeMap } from '@whiskeysockets/baileys'

/** WhatsApp dates tokens in whole seconds since 1970. */
const SECONDS = /^\d{1,10}$/
const MAX_SECONDS = 2 ** 32

/**
 * Whether a trusted-contact token may take the place of the one that is stored: it has bytes, and a time that can be. Baileys 7.0.0-rc14
 * files whatever a notification holds; without bytes nothing more reaches the person (463), and a time that never comes keeps every
 * later token out. What has no time is Baileys' own: its index, and a token that it dropped because it is too old.
 */
export function isUsableToken({ token, timestamp }: Partial<SignalDataTypeMap['tctoken']>): boolean {
  if (timestamp === undefined) return true
  return (token?.length ?? 0) > 0 && SECONDS.test(timestamp) && Number(timestamp) < MAX_SECONDS
}

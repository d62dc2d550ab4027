import { NACK_REASONS } from '@whiskeysockets/baileys'

/**
 * Makes Baileys acknowledge messages that it ignores or cannot read without an error, for the whole process. WhatsApp
 * keeps a message that is refused with one first in the account's queue and withholds everything behind it. Baileys
 * 7.0.0-rc14 looks these codes up for each acknowledgement, and leaves out one that is zero. Idempotent.
 */
export function installPlainAcks(): void {
  NACK_REASONS.UnhandledError = 0
  NACK_REASONS.ParsingError = 0
  NACK_REASONS.MissingMessageSecret = 0
}

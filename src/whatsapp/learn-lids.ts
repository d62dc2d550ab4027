import type { WASocket } from '@whiskeysockets/baileys'

/** Numbers in one question. */
const NUMBERS_PER_QUERY = 50
/** A longer list is not asked for as a whole; its people are known by the envelopes of their messages. */
const MAX_NUMBERS = 500

/**
 * Asks WhatsApp for the LIDs of numbers (E.164), so that a message whose envelope carries a LID alone can be told to be
 * theirs. What is known, or was answered with nothing lately, is not asked again. Rejects when the socket ends.
 */
export async function learnLids(socket: WASocket, numbers: readonly string[]): Promise<void> {
  const jids = numbers
    .filter((number) => number.startsWith('+'))
    .slice(0, MAX_NUMBERS)
    .map((number) => `${number.slice(1)}@s.whatsapp.net`)
  for (let start = 0; start < jids.length; start += NUMBERS_PER_QUERY) {
    // The answer is stored by Baileys; the credential store reports each pair.
    await socket.signalRepository.lidMapping.getLIDsForPNs(jids.slice(start, start + NUMBERS_PER_QUERY))
  }
}

import {
  type BinaryNode,
  type Contact,
  decryptMessageNode,
  type SignalRepositoryWithLIDStore,
  type WAMessage,
} from '@whiskeysockets/baileys'
import { loadCardReader } from './description/read-cards.ts'
import type { MessageJournal } from './message-journal.ts'
import type { BaileysLogger } from '../socket/socket-options.ts'

/**
 * Rebuilds a message from its stanza and the kept plaintext, without a socket and without touching a ratchet; `null`
 * when it was never decrypted, or makes no message.
 */
export async function rebuildMessage(
  stanza: BinaryNode,
  me: Contact,
  journal: MessageJournal,
  logger: BaileysLogger,
): Promise<WAMessage | null> {
  let missing = false
  const kept = async (type: string, bytes: Uint8Array): Promise<Uint8Array> => {
    // The stanza and the plaintext come from the same journal: no other sender's envelope is involved.
    const plaintext = journal.plaintext({ type, bytes }, () => true)
    missing ||= plaintext === null
    if (plaintext === null) throw new Error('never decrypted')
    await loadCardReader(plaintext)
    return plaintext
  }
  const repository = {
    decryptMessage: ({ type, ciphertext }: { type: string; ciphertext: Uint8Array }) =>
      kept(type, ciphertext),
    decryptGroupMessage: ({ msg }: { msg: Uint8Array }) => kept('skmsg', msg),
    // Everything else was done when the message was decrypted.
    processSenderKeyDistributionMessage: () => Promise.resolve(),
    validateSession: () => Promise.resolve({ exists: true }),
    migrateSession: () => Promise.resolve({ migrated: 0, skipped: 0, total: 0 }),
    lidMapping: {
      getLIDForPN: () => Promise.resolve(null),
      getPNForLID: () => Promise.resolve(null),
      storeLIDPNMappings: () => Promise.resolve(),
    },
  } as unknown as SignalRepositoryWithLIDStore // `decryptMessageNode` uses these members only (rc14).
  try {
    const { fullMessage, decrypt } = decryptMessageNode(stanza, me.id, me.lid ?? '', repository, logger)
    await decrypt()
    return missing ? null : fullMessage
  } catch {
    // Baileys throws at envelopes that contradict themselves; it refused this one when it came, too.
    return null
  }
}

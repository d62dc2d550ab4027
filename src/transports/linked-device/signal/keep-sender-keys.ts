import {
  type BinaryNode,
  type Contact,
  decryptMessageNode,
  getBinaryNodeChildren,
  isJidGroup,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { BaileysLogger } from '../socket/socket-options.ts'

/** Encrypted for this device alone: what a member's key for the group comes in. */
const PAIRWISE_TYPES: ReadonlySet<string | undefined> = new Set(['pkmsg', 'msg'])

/**
 * Keeps the sender keys of a message to a group that is ignored, and reads nothing else of it: they come once, and the
 * group may be allowed later. What cannot be decrypted is left at that. Never rejects.
 */
export async function keepSenderKeys(
  stanza: BinaryNode,
  me: Contact,
  repository: WASocket['signalRepository'],
  logger: BaileysLogger,
): Promise<void> {
  if (isJidGroup(stanza.attrs.from) !== true) return
  const content = getBinaryNodeChildren(stanza, 'enc').filter(({ attrs }) => PAIRWISE_TYPES.has(attrs.type))
  if (content.length === 0) return
  try {
    const { decrypt } = decryptMessageNode({ ...stanza, content }, me.id, me.lid ?? '', repository, logger)
    await decrypt()
  } catch {
    // An envelope that contradicts itself: its message is acknowledged all the same, and there is no key in it.
  }
}

import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys'

const TAG_BYTES = 16

/** Who votes in which poll; the addresses are those of the chat, without a device. */
export interface VoteContext {
  /** The secret that came with the poll: 32 bytes. */
  secret: Uint8Array
  pollId: string
  /** JID of the poll's author. */
  author: string
  /** JID. */
  voter: string
}

/**
 * A vote as apps send it: the hashes of the chosen options, encrypted so that only who has the poll reads it.
 * Source: whatsmeow (`msgsecret.go`), Baileys rc14 (`decryptPollVote`).
 */
export function sealVote(
  options: readonly string[],
  context: VoteContext & { iv: Uint8Array },
): proto.Message.IPollEncValue {
  const plaintext = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(hashOf) }).finish()
  const cipher = createCipheriv('aes-256-gcm', keyOf(context), context.iv)
  cipher.setAAD(boundTo(context))
  const encPayload = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return { encPayload, encIv: context.iv }
}

/** The options that a vote chooses. Throws where it is not for this poll or not by this person. */
export function openVote(
  { encPayload, encIv }: proto.Message.IPollEncValue,
  o: VoteContext & { options: readonly string[] },
): string[] {
  const sealed = encPayload ?? new Uint8Array()
  const decipher = createDecipheriv('aes-256-gcm', keyOf(o), encIv ?? new Uint8Array())
  decipher.setAAD(boundTo(o))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plaintext = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
  const { selectedOptions } = proto.Message.PollVoteMessage.decode(plaintext)
  const chosen = new Set((selectedOptions ?? []).map((hash) => Buffer.from(hash).toString('hex')))
  return o.options.filter((option) => chosen.has(hashOf(option).toString('hex')))
}

function hashOf(option: string): Buffer {
  return createHash('sha256').update(option).digest()
}

function keyOf({ secret, pollId, author, voter }: VoteContext): Buffer {
  const info = Buffer.from(`${pollId}${author}${voter}Poll Vote`)
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), info, 32))
}

function boundTo({ pollId, voter }: VoteContext): Buffer {
  return Buffer.from(`${pollId}\0${voter}`)
}

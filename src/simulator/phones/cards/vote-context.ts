import { normalizeMessageContent } from '@whiskeysockets/baileys'
import type { Account } from '../../server/account.ts'
import type { Target } from '../message-key.ts'
import { readCard } from './read-card.ts'
import type { VoteContext } from './vote-cipher.ts'

/** What a vote in this poll is encrypted with, and its options; `undefined` where the message is no poll or has no secret. */
export function voteContext(
  poll: Target,
  o: { author: Account; voter: Account },
): (VoteContext & { options: readonly string[] }) | undefined {
  const card = readCard(normalizeMessageContent(poll.message) ?? {})
  const secret = poll.message.messageContextInfo?.messageSecret
  if (card?.kind !== 'poll' || !secret) return undefined
  const nameOf = (account: Account): string => account.deviceJid(account.modeFor(poll.mode))
  return {
    secret,
    pollId: poll.id,
    author: nameOf(o.author),
    voter: nameOf(o.voter),
    options: card.options,
  }
}

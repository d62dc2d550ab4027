import type { MessageAuthor } from '../../../access/may-send.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import type { Database } from '../../../storage/database/database.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import { IS_REACTION } from './is-reaction.ts'
import type { MessageRow } from './message-rows.ts'

type Reaction = MessageView['reactions'][number]

/** Of one message; a group may have a thousand members. */
const MAX_REACTIONS = 100

/** The index knows the three kinds together. The newest last: it is the one that counts, and an empty one takes it back. */
const RECEIVED = `
  SELECT target_id AS target, author, sender, text AS emoji FROM inbox INDEXED BY inbox_revisions
  WHERE kind IN ('edit', 'revoke', 'reaction') AND kind = 'reaction' AND conversation = ?
    AND target_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`
const SENT = `
  SELECT author, content ->> 'target' AS target, content ->> 'isToOurs' AS isToOurs, content ->> 'emoji' AS emoji FROM outbox
  WHERE conversation = ? AND ${IS_REACTION} AND content ->> 'target' IN (SELECT value FROM json_each(?))
    AND state IN ('acknowledged', 'delivered', 'read') ORDER BY sequence`
/** What went out and was not taken back; without an answer of WhatsApp it counts as out. */
const MARKS = `
  SELECT inbox AS target, emoji FROM reactions
  WHERE inbox IN (SELECT value FROM json_each(?)) AND removal_sent_at IS NULL AND (sent_at IS NOT NULL OR state IN ('shown', 'removing'))`

/** Reactions to messages of a conversation, by what `keyOf` calls these: the last one of each person. */
export function readReactions(
  database: Database,
  conversation: number,
  rows: readonly MessageRow[],
): ReadonlyMap<string, Reaction[]> {
  const byTarget = new Map<string, Map<string, Reaction>>()
  const add = (target: string, person: string, reaction: Reaction): void => {
    const reactions = byTarget.get(target) ?? new Map<string, Reaction>()
    // Whoever reacts again comes last.
    reactions.delete(person)
    reactions.set(person, { ...reaction, emoji: cleanLine(reaction.emoji, TEXT_LIMITS.emoji) })
    byTarget.set(target, reactions)
  }
  const sequences = JSON.stringify(rows.map(({ sequence }) => sequence))
  // The columns of the three.
  const marks = database.prepare(MARKS).all(sequences) as { target: number; emoji: string }[]
  for (const { target, emoji } of marks) add(`0 ${target}`, '', { emoji, from: 'assistant', sender: null })
  const sent = database.prepare(SENT).all(conversation, sequences) as {
    target: number
    isToOurs: number | null
    author: MessageAuthor
    emoji: string
  }[]
  for (const { target, isToOurs, author, emoji } of sent)
    add(`${isToOurs === 1 ? 1 : 0} ${target}`, '', { emoji, from: author, sender: null })
  const keys = new Map(rows.map((row) => [idOnWhatsApp(row), keyOf(row)]))
  const received = database.prepare(RECEIVED).all(conversation, JSON.stringify([...keys.keys()])) as {
    target: string
    author: 'person' | 'owner'
    sender: string
    emoji: string
  }[]
  for (const { target, author, sender, emoji } of received) {
    const key = keys.get(target)
    if (key === undefined) continue
    const isOwner = author === 'owner'
    const shown = isOwner ? null : cleanLine(sender, TEXT_LIMITS.identifier)
    // The account has one reaction to a message, whoever of it reacted.
    add(key, isOwner ? '' : sender, { emoji, from: author, sender: shown })
  }
  return new Map(
    [...byTarget].map(([key, reactions]) => [
      key,
      [...reactions.values()].filter(({ emoji }) => emoji !== '').slice(-MAX_REACTIONS),
    ]),
  )
}

/** Names a row among those of both tables. */
export function keyOf({ isReply, sequence }: Pick<MessageRow, 'isReply' | 'sequence'>): string {
  return `${isReply} ${sequence}`
}

/** What people react to. */
function idOnWhatsApp(row: MessageRow): string {
  return row.isReply === 1 ? (row.remote_id ?? row.message_id) : row.message_id
}

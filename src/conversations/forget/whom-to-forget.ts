import { addressOfIdEntry } from '../../access/numbers/id-entry.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import type { Forgotten } from './forgotten.ts'
import { personAddresses } from './person-addresses.ts'

/**
 * Whom a caller means: by the id of a conversation, the number or the id of a person (`lid:<digits>` or `bsuid:<id>`), or the address of a group. Somebody
 * who never wrote directly is a person all the same: they may have written in groups, or be held.
 */
export function whomToForget(
  deps: {
    database: Database
    conversations: Pick<ConversationStore, 'find' | 'at'>
    transport: Pick<Transport, 'identify'>
  },
  target: string,
): Forgotten {
  const { database, conversations, transport } = deps
  const name = addressOfIdEntry(target) ?? target
  const found = /^\d+$/.test(target) ? conversations.find(Number(target)) : conversations.at(name)
  if (found !== undefined && found.kind !== 'direct') return { conversation: found, people: [] }
  const people = personAddresses(database, transport, [found?.name ?? name])
  const conversation = found ?? conversationOfOne(conversations, people)
  return { conversation, people }
}

function conversationOfOne(
  conversations: Pick<ConversationStore, 'at'>,
  people: readonly string[],
): Conversation | null {
  const known = people.flatMap((person) => conversations.at(person) ?? [])
  return known.find(({ kind }) => kind === 'direct') ?? null
}

import type { HistoryMessage, Turn, TurnMention, TurnMessage, TurnQuote } from '../../agents/agent.ts'
import type { AccountConfig } from '../../config/model.ts'
import { hiddenIdOf } from '../../messaging/hidden-id.ts'
import { conversationOf } from '../store/conversation-store.ts'
import { numberOf } from '../store/person.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import { sessionId } from './session-id.ts'
import { storedFiles } from './stored-files.ts'
import type { TurnRow } from './turn-store.ts'

export interface TurnContext {
  account: string
  settings: Pick<AccountConfig, 'inboundPrefix' | 'hidesQuotes'>
  /** What the group is called, where that is known. */
  chatName: string | null
  /** Whether this person, as the inbox names them, owns the account. */
  isOwner: (person: string) => boolean
  instructions: string | null
  model: string | null
  /** Counts how often the person began afresh, from 1. */
  session: number
  askedAt: Date
  deadline: Date
  /** A text with the names of whom it mentions. */
  named: (text: string) => string
  /** Whom a text mentions. */
  mentioned: (text: string) => TurnMention[]
  /** What a message quotes, as far as it is known here. */
  quoteOf: (row: InboxRow) => Omit<TurnQuote, 'id'>
  /** Called once, when the agent first looks at the history; many never do. */
  readHistory: (before: number) => HistoryMessage[]
}

/** A stored turn as agents see it. `rows` are its messages, oldest first, at least one. */
export function toTurn(turn: TurnRow, rows: readonly InboxRow[], context: TurnContext): Turn {
  const { account, session, chatName, isOwner, instructions, model, askedAt, deadline } = context
  const person = rows[0]?.sender ?? turn.conversation_name
  let history: HistoryMessage[] | null = null
  return {
    id: turn.id,
    account,
    conversation: turn.conversation_name,
    conversationId: String(turn.conversation),
    sessionId: sessionId(account, conversationOf(turn), session),
    isGroup: turn.chat_kind === 'group',
    chat: { kind: turn.chat_kind, name: turn.chat_kind === 'group' ? chatName : null },
    sender: {
      phoneNumber: numberOf(person),
      id: hiddenIdOf(person),
      name: rows.at(-1)?.sender_name ?? null,
      isOwner: isOwner(person),
    },
    messages: rows.map((row) => toMessage(row, context)),
    get history() {
      history ??= context.readHistory(rows[0]?.sequence ?? 0)
      return history
    },
    instructions,
    model,
    askedAt,
    timeZone: machineTimeZone(),
    catchUp: rows.some(({ arrival }) => arrival === 'offline'),
    deadline,
  }
}

function toMessage(row: InboxRow, { named, mentioned, quoteOf, settings }: TurnContext): TurnMessage {
  const { inboundPrefix, hidesQuotes = false } = settings
  const quoted = row.target_id === null ? null : { id: row.target_id, ...quoteOf(row) }
  return {
    id: row.message_id,
    ...textsOf(row.text, named, inboundPrefix),
    sentAt: new Date(row.sent_at),
    mentions: mentioned(row.text),
    attachments: storedFiles(row.files).map((file) => ({ ...file, path: null })),
    quoted: quoted === null || !hidesQuotes ? quoted : { ...quoted, text: null, what: null },
  }
}

function textsOf(
  written: string,
  named: (text: string) => string,
  prefix: string | undefined,
): { text: string; written?: string } {
  const said = named(written)
  const text = prefix === undefined ? said : `${prefix} ${said}`
  return said === written ? { text } : { text, written }
}

/** A zone that this machine names and nothing knows counts as UTC. */
function machineTimeZone(): string {
  // Without a zone that is known there is none, whatever the type says.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string }
  return timeZone ?? 'UTC'
}

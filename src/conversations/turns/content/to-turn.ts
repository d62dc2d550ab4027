import type { HistoryMessage, Turn, TurnMention, TurnMessage, TurnQuote } from '../../../agents/agent.ts'
import type { AccountConfig } from '../../../config/model.ts'
import { hiddenIdOf } from '../../../messaging/hidden-id.ts'
import { withHeardWords } from '../../../text/heard-words.ts'
import { conversationOf } from '../../store/conversation-store.ts'
import { numberOf } from '../../store/person.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import { attachmentsOf } from '../files/attachments-of.ts'
import type { PreparedFiles } from '../files/prepare-files.ts'
import type { QuotedFiles } from '../files/quoted-files.ts'
import { sessionId } from './session-id.ts'
import { storedDetails } from './stored-details.ts'
import type { TurnRow } from '../turn-store.ts'

export interface TurnContext {
  account: string
  settings: Pick<AccountConfig, 'inboundPrefix' | 'hidesQuotes'>
  /** What the group is called, where that is known. */
  chatName: string | null
  /** Whether this person, as the inbox names them, owns the account. */
  isOwner: (person: string) => boolean
  instructions: string | null
  model: string | null
  /** What is known of who is behind the conversation. */
  contact: Readonly<Record<string, string>>
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
  files: PreparedFiles
  quotedFiles: QuotedFiles
  /** Called once, when the agent first looks at the history; many never do. */
  readHistory: (before: number) => HistoryMessage[]
}

/** A stored turn as agents see it. `rows` are its messages, oldest first, at least one. */
export function toTurn(turn: TurnRow, rows: readonly InboxRow[], context: TurnContext): Turn {
  const { account, session, chatName, isOwner, contact, instructions, model, askedAt, deadline } = context
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
    ...(Object.keys(contact).length > 0 && { contact }),
    messages: rows.map((row) => toMessage(row, context)),
    get history() {
      history ??= context.readHistory(rows[0]?.sequence ?? 0)
      return history
    },
    instructions,
    model,
    askedAt,
    timeZone: (machineTimeZone ??= readTimeZone()),
    catchUp: rows.some(({ arrival }) => arrival === 'offline'),
    deadline,
  }
}

function toMessage(row: InboxRow, context: TurnContext): TurnMessage {
  const { named, mentioned, settings, files } = context
  const { inboundPrefix, hidesQuotes = false } = settings
  const details = storedDetails(row.details)
  const quoted = quoteOf(row, context)
  return {
    id: row.message_id,
    ...textsOf(row, named, inboundPrefix),
    sentAt: new Date(row.sent_at),
    mentions: mentioned(row.text),
    attachments: attachmentsOf(row, files),
    ...(details.length > 0 && { details }),
    quoted:
      quoted === null || !hidesQuotes ? quoted : { id: quoted.id, text: null, what: null, from: quoted.from },
  }
}

function quoteOf(row: InboxRow, context: TurnContext): TurnQuote | null {
  if (row.target_id === null) return null
  const files = context.quotedFiles.get(row.sequence) ?? []
  return {
    id: row.target_id,
    ...context.quoteOf(row),
    ...(files.length > 0 && { attachments: [...files] }),
  }
}

function textsOf(
  { text: written, transcript }: InboxRow,
  named: (text: string) => string,
  prefix: string | undefined,
): { text: string; written?: string } {
  const typed = named(written)
  const said = withHeardWords(typed, transcript)
  const text = prefix === undefined ? said : `${prefix} ${said}`
  return typed === written ? { text } : { text, written }
}

/** It costs a quarter of a millisecond to ask, and stays the same while a process runs. */
let machineTimeZone: string | undefined

/** A zone that this machine names and nothing knows counts as UTC. */
function readTimeZone(): string {
  // Without a zone that is known there is none, whatever the type says.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string }
  return timeZone ?? 'UTC'
}

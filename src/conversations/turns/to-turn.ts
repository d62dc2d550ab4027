import type { HistoryMessage, Turn } from '../../agents/agent.ts'
import type { AccountConfig } from '../../config/model.ts'
import { numberOf } from '../store/person.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { TurnRow } from './turn-store.ts'

export interface TurnContext {
  account: string
  settings: Pick<AccountConfig, 'inboundPrefix' | 'hidesQuotes'>
  deadline: Date
  /** A text with the names of whom it mentions. */
  named: (text: string) => string
  /** Called once, when the agent first looks at the history; many never do. */
  readHistory: (before: number) => HistoryMessage[]
}

/** A stored turn as agents see it. `rows` are its messages, oldest first, at least one. */
export function toTurn(turn: TurnRow, rows: readonly InboxRow[], context: TurnContext): Turn {
  const { account, deadline, named, settings } = context
  const { inboundPrefix, hidesQuotes = false } = settings
  let history: HistoryMessage[] | null = null
  return {
    id: turn.id,
    account,
    conversation: turn.conversation_name,
    isGroup: turn.chat_kind === 'group',
    sender: {
      phoneNumber: numberOf(rows[0]?.sender ?? turn.conversation_name),
      name: rows.at(-1)?.sender_name ?? null,
    },
    messages: rows.map((row) => ({
      id: row.message_id,
      ...textsOf(row.text, named, inboundPrefix),
      sentAt: new Date(row.sent_at),
      quoted:
        row.target_id === null
          ? null
          : {
              id: row.target_id,
              text: hidesQuotes || row.quoted_text === null ? null : named(row.quoted_text),
            },
    })),
    get history() {
      history ??= context.readHistory(rows[0]?.sequence ?? 0)
      return history
    },
    catchUp: rows.some(({ arrival }) => arrival === 'offline'),
    deadline,
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

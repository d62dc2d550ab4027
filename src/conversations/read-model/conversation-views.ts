import { readsGroup } from '../../access/group-policy.ts'
import type { ChatKind, ChatReference } from '../../messaging/chat-reference.ts'
import { type ConversationView, SHOWN_TEXT_LENGTH } from '../../protocol/conversations/conversation-view.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import type { Database } from '../../storage/database/database.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { boundedName, cleanLine, cutText, printableText } from '../../text/bounded-text.ts'
import type { Contacts } from '../contact/contacts.ts'
import type { Admission } from '../intake/admission.ts'
import type { ContactHistory } from '../sending/contact-history.ts'
import type { AssistantStates } from '../takeover/assistant-states.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import { messageKind } from './messages/message-kind.ts'
import type { LastMessageRow, MessageRows } from './messages/message-rows.ts'
import { messageState } from './messages/message-state.ts'
import { personName, type PersonNamesDependencies } from './person-names.ts'
import { sessionId } from '../turns/content/session-id.ts'
import { shownNumber } from './shown-number.ts'
import { shownWords, type ShownWordsDependencies } from './messages/shown-words.ts'

export interface ConversationViewsDependencies extends PersonNamesDependencies, ShownWordsDependencies {
  account: string
  database: Database
  admission: Pick<Admission, 'allows' | 'identify' | 'addressOf'>
  contactHistory: Pick<ContactHistory, 'lastChat'>
  windows: Pick<ChatWindows, 'view'>
  messageRows: Pick<MessageRows, 'lastOf'>
  contacts: Pick<Contacts, 'ofEach'>
  assistants: Pick<AssistantStates, 'ofEach'>
}

/** A conversation as views read it. Times are milliseconds since 1970. */
export interface ConversationRow {
  id: number
  kind: ChatKind
  name: string
  title: string | null
  unread: number
  last_at: number | null
  waits_since: number | null
  session: number
  /** What the person calls themself, as far as the newest messages tell. */
  sender_name: string | null
}

/** Messages among which the name of a person is looked for. */
const NAMED_IN = 50
const ROWS = `
  SELECT id, kind, name, title, unread, last_at, waits_since, session, iif(kind = 'group', NULL,
    (SELECT sender_name FROM (SELECT author, sender_name FROM inbox WHERE conversation = id ORDER BY sequence DESC LIMIT ${NAMED_IN})
      WHERE author = 'person' AND sender_name IS NOT NULL LIMIT 1)) AS sender_name
  FROM conversations WHERE id IN (SELECT value FROM json_each(?))`

/** Conversations as dashboards show them, read anew at every call. Throws `StorageError`. */
export class ConversationViews {
  readonly #deps: ConversationViewsDependencies

  constructor(deps: ConversationViewsDependencies) {
    this.#deps = deps
  }

  /** Those that there are of these ids, in their order. */
  rows(ids: readonly number[]): ConversationRow[] {
    // The columns asked for.
    const rows = this.#deps.database.prepare(ROWS).all(JSON.stringify(ids)) as unknown as ConversationRow[]
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }

  /** Of rows in their order. What belongs to all of them is read at once: a page has a hundred. */
  of(rows: readonly ConversationRow[]): ConversationView[] {
    const { contacts, assistants, messageRows } = this.#deps
    const ids = rows.map(({ id }) => id)
    const [fields, states, last] = [contacts.ofEach(ids), assistants.ofEach(ids), messageRows.lastOf(ids)]
    return rows.map((row) =>
      this.#viewOf(row, {
        fields: fields.get(row.id) ?? [],
        assistant: states(row.id),
        lastMessage: this.#lastMessage(last.get(row.id)),
      }),
    )
  }

  /** By which words each of these is found: what it is called, its number, and what is known of the person. In Unicode's form NFC. */
  searchedWords(rows: readonly ConversationRow[]): string[] {
    const fields = this.#deps.contacts.ofEach(rows.map(({ id }) => id))
    return rows.map((row) => {
      const values = fields.get(row.id)?.map(({ value }) => value) ?? []
      const words = [this.#nameOf(row), row.sender_name, row.name, ...values]
      return words
        .filter((each) => each !== null)
        .join('\n')
        .normalize('NFC')
    })
  }

  #viewOf(
    row: ConversationRow,
    { fields, assistant, lastMessage }: Pick<ConversationView, 'fields' | 'assistant' | 'lastMessage'>,
  ): ConversationView {
    const { account, config, windows } = this.#deps
    const { id, kind, name, unread, session, last_at: lastAt } = row
    return {
      account,
      conversationId: String(id),
      conversation: cleanLine(name, TEXT_LIMITS.identifier),
      sessionId: sessionId(account, row, session),
      kind,
      name: fields.find((field) => field.name === 'name')?.value ?? this.#nameOf(row),
      phoneNumber: kind === 'group' ? null : shownNumber(name),
      source: config().transport,
      unread: Math.max(0, unread),
      lastMessage,
      lastAt: lastAt === null ? null : storedTime(lastAt).toISOString(),
      assistant,
      isAllowed: this.#isAllowed(row),
      window: windows.view(() => this.#chatOf(row)),
      fields,
    }
  }

  #chatOf({ id, kind, name }: ConversationRow): ChatReference {
    const { contactHistory, admission } = this.#deps
    return { kind, address: contactHistory.lastChat(id) ?? admission.addressOf(name) }
  }

  #nameOf({ kind, name, title, sender_name }: ConversationRow): string | null {
    if (kind === 'group') return title === null ? null : boundedName(title)
    return personName(this.#deps, name, sender_name)
  }

  #isAllowed({ kind, name }: ConversationRow): boolean {
    const { admission, config } = this.#deps
    return kind === 'group' ? readsGroup(config().groupAccess, name) : admission.allows({ kind, name }, name)
  }

  #lastMessage(row: LastMessageRow | undefined): ConversationView['lastMessage'] {
    if (row === undefined) return null
    return {
      messageId: cleanLine(row.message_id, TEXT_LIMITS.identifier),
      from: row.author,
      text: cutText(printableText(shownWords(this.#deps, row)), SHOWN_TEXT_LENGTH),
      kind: messageKind(row),
      at: storedTime(row.at).toISOString(),
      state: messageState(row),
    }
  }
}

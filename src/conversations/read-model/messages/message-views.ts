import type { MessageDetail } from '../../../protocol/agent/message-detail.ts'
import { MESSAGE_TEXT_LENGTH, type MessageView } from '../../../protocol/conversations/message-view.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import type { Transport } from '../../../messaging/transport.ts'
import type { Database } from '../../../storage/database/database.ts'
import { storedTime } from '../../../storage/database/stored-time.ts'
import { cleanLine, cutText, printableText } from '../../../text/bounded-text.ts'
import type { Admission } from '../../intake/admission.ts'
import type { Contacts } from '../../contact/contacts.ts'
import type { MediaStore } from '../../media/media-store.ts'
import { parseContent, type StoredContent } from '../../outbox/stored-content.ts'
import type { Conversation } from '../../store/conversation-store.ts'
import { storedDetails } from '../../turns/content/stored-details.ts'
import { storedFiles } from '../../turns/files/stored-files.ts'
import { withoutFiles } from '../../turns/files/without-files.ts'
import { answeredState } from '../answered-state.ts'
import { receivedFiles, sentFile } from './message-files.ts'
import { messageKind } from './message-kind.ts'
import { receivedQuote, sentQuote } from './message-quote.ts'
import { keyOf, readReactions } from './message-reactions.ts'
import type { MessageRow, ReceivedRow, SentRow } from './message-rows.ts'
import { messageState } from './message-state.ts'
import { personName, type PersonNamesDependencies } from '../person-names.ts'
import { sentDetails } from './sent-details.ts'
import { shownNumber } from '../shown-number.ts'
import { shownWords, type ShownWordsDependencies } from './shown-words.ts'

export interface MessageViewsDependencies extends PersonNamesDependencies, ShownWordsDependencies {
  database: Database
  media: Pick<MediaStore, 'find' | 'ofInbox'>
  admission: Pick<Admission, 'allows' | 'identify'>
  transport: Pick<Transport, 'ownNumber'>
  contacts: Pick<Contacts, 'of'>
}

type Shared = Omit<MessageView, 'from' | 'sender' | 'text' | 'isCut' | 'quote' | 'files' | 'details'>

/** Messages as dashboards show them, read anew at every call. Throws `StorageError`. */
export class MessageViews {
  readonly #deps: MessageViewsDependencies

  constructor(deps: MessageViewsDependencies) {
    this.#deps = deps
  }

  /** Of rows of one conversation, in their order. */
  of(conversation: Conversation, rows: readonly MessageRow[]): MessageView[] {
    const knownName = conversation.kind === 'direct' ? this.#knownName(conversation) : null
    const reactions = readReactions(this.#deps.database, conversation.id, rows)
    return rows.map((row) => {
      const isRevoked = row.isReply === 1 ? isErased(row) : row.state === 'revoked'
      const shared: Shared = {
        messageId: cleanLine(row.message_id, TEXT_LIMITS.identifier),
        conversationId: String(conversation.id),
        kind: messageKind(row),
        at: storedTime(row.at).toISOString(),
        editedAt: row.edited_at === null || isRevoked ? null : storedTime(row.edited_at).toISOString(),
        isRevoked,
        reactions: isRevoked ? [] : (reactions.get(keyOf(row)) ?? []),
        transcript: null,
        state: messageState(row),
        failure: null,
        answered: null,
        clientMessageId: null,
      }
      return row.isReply === 1
        ? this.#sent(row, shared)
        : this.#received({ conversation, knownName }, row, shared)
    })
  }

  /** The words of a message, as many as `row` has. */
  wordsOf(row: MessageRow): string {
    if (row.isReply === 0) return printableText(withoutFiles(row.text, storedFiles(row.files)))
    return printableText(this.#wordsOf(row, row.content === null ? null : parseContent(row.content)))
  }

  #received(
    { conversation, knownName }: { conversation: Conversation; knownName: string | null },
    row: ReceivedRow,
    shared: Shared,
  ): MessageView {
    const { database, media, admission, transport } = this.#deps
    const isAllowed = (person: string): boolean => admission.allows(conversation, person)
    const words = withoutFiles(row.text, storedFiles(row.files))
    return {
      ...shared,
      ...bounded(words, row),
      from: row.author,
      sender: row.author === 'owner' ? null : this.#personOf(row, knownName),
      quote: receivedQuote(database, row, { ownNumber: transport.ownNumber, isAllowed }),
      files: receivedFiles(media, row),
      details: printableDetails(storedDetails(row.details)),
      transcript:
        row.transcript === null ? null : cutText(printableText(row.transcript), MESSAGE_TEXT_LENGTH),
      answered: answeredState(database, row),
    }
  }

  #sent(row: SentRow, shared: Shared): MessageView {
    const { database, media } = this.#deps
    const content = row.content === null ? null : parseContent(row.content)
    return {
      ...shared,
      ...bounded(this.#wordsOf(row, content), row),
      from: row.author,
      sender: null,
      quote: sentQuote(database, row),
      files: content?.type === 'file' ? [sentFile(media, content)] : [],
      details: printableDetails(sentDetails(content)),
      clientMessageId:
        row.client_message_id === null ? null : cleanLine(row.client_message_id, TEXT_LIMITS.identifier),
      failure:
        row.state === 'failed'
          ? {
              code: cleanLine(row.error_code ?? '', TEXT_LIMITS.name),
              message: cleanLine(row.error_message ?? '', TEXT_LIMITS.sentence),
            }
          : null,
    }
  }

  #wordsOf(row: SentRow, content: StoredContent | null): string {
    return content?.type === 'file' ? content.caption : shownWords(this.#deps, row)
  }

  /** What the contact field `name` says, as in the list of conversations. */
  #knownName({ id }: Conversation): string | null {
    return this.#deps.contacts.of(id).find(({ name }) => name === 'name')?.value ?? null
  }

  #personOf({ sender, sender_name: ownName }: ReceivedRow, knownName: string | null): MessageView['sender'] {
    return { name: knownName ?? personName(this.#deps, sender, ownName), phoneNumber: shownNumber(sender) }
  }
}

/** A message that was deleted for everybody; what was discarded never went out. */
function isErased({ text, state }: SentRow): boolean {
  return text === '' && state !== 'discarded' && state !== 'failed'
}

function printableDetails(details: MessageDetail[]): MessageDetail[] {
  const printable = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? printableText(value) : value
  // Every value keeps its type.
  return JSON.parse(JSON.stringify(details), printable) as MessageDetail[]
}

function bounded(words: string, { is_long: isLong }: MessageRow): Pick<MessageView, 'text' | 'isCut'> {
  const text = printableText(words)
  const isCut = isLong === 1 || text.length > MESSAGE_TEXT_LENGTH
  return { text: cutText(text, MESSAGE_TEXT_LENGTH), ...(isCut && { isCut: true as const }) }
}

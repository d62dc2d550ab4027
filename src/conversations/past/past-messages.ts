import type { Logger } from 'pino'
import type { AccountConfig } from '../../config/model.ts'
import { isProven, provenNumber } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { Database } from '../../storage/database/database.ts'
import { ExpiredRows } from '../history/expired-rows.ts'
import type { ForgottenPeople } from '../forget/forgotten-people.ts'
import type { ConversationNews } from '../history/conversation-news.ts'
import type { Admission } from '../intake/admission.ts'
import type { ConversationMerges } from '../intake/conversation-merges.ts'
import { withinBounds } from '../intake/within-bounds.ts'
import type { MessageClock } from '../message-clock.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import { PastPlaces } from './past-places.ts'

const DAY_MS = 86_400_000

export interface PastMessagesDependencies {
  database: Database
  inbox: Pick<InboxStore, 'insert' | 'indexAnew'>
  conversations: Pick<ConversationStore, 'of'>
  admission: Pick<Admission, 'judge' | 'keepsOwnerWords'>
  forgottenPeople: Pick<ForgottenPeople, 'isForgotten'>
  merges: Pick<ConversationMerges, 'learn'>
  commits: CommitGroup
  news: Pick<ConversationNews, 'changed'>
  clock: MessageClock
  transport: Pick<Transport, 'ownNumber'>
  /** Whether the daemon itself sent this. */
  isOurs: (remoteId: string) => boolean
  config: () => Pick<AccountConfig, 'historySync' | 'retention'>
  logger: Logger
}

/**
 * Takes in what was said before the account was linked (`historySync`): of chats with people who may write and of groups that are read,
 * what the owner said there too, no more than `retention` keeps. It is read, and stays unanswered: it starts no turn, takes no chat over and
 * fetches no files. Of everything else nothing is kept, nor of what somebody wrote, or was written to, before they were forgotten.
 */
export class PastMessages {
  readonly #deps: PastMessagesDependencies
  readonly #places: PastPlaces
  readonly #rows: ExpiredRows

  constructor(deps: PastMessagesDependencies) {
    this.#deps = deps
    this.#places = new PastPlaces(deps.database)
    this.#rows = new ExpiredRows(deps.database)
  }

  /** A phone has accepted the account as its linked device: the setting of this moment counts for this link. Never throws. */
  linked(): void {
    const { commits, config, clock, logger } = this.#deps
    try {
      commits.now(() => {
        if (config().historySync === 'recent') this.#places.reserve(clock.now())
        else this.#places.close()
        return undefined
      })
    } catch (error) {
      logger.error({ err: error }, 'the disk refused to make room for the messages from before the link')
    }
  }

  /** Throws `StorageError`. */
  get areWanted(): boolean {
    return this.#deps.config().historySync === 'recent' && this.#places.areReserved
  }

  /** In one transaction; each once, however often it is handed over. Throws `StorageError`. */
  take(messages: readonly IncomingMessage[]): void {
    const { commits, merges, news, clock } = this.#deps
    if (!this.areWanted) return
    const kept = messages.flatMap((message) => {
      const bounded = withinBounds(message, new Date(clock.now()))
      return bounded !== null && this.#isKept(bounded) ? [bounded] : []
    })
    for (const message of kept) merges.learn(otherSideOf(message))
    if (kept.length === 0) return
    commits.now(() => {
      const lengths = new Map<number, number>()
      for (const message of kept) this.#insert(message, lengths)
      return () => {
        for (const conversation of lengths.keys()) news.changed(conversation)
      }
    })
  }

  #insert(message: IncomingMessage, lengths: Map<number, number>): void {
    const { inbox, conversations, config } = this.#deps
    const at = message.sentAt.getTime()
    const place = this.#places.placeOf(at)
    if (place === null) return
    const { id } = conversations.of(message.chat, otherSideOf(message))
    const length = lengths.get(id) ?? this.#rows.countOf(id)
    lengths.set(id, length)
    if (length >= config().retention.messagesPerConversation) return
    const author = message.writtenByOwner === undefined ? 'person' : 'owner'
    const row = { conversation: id, author, state: 'recorded', receivedAt: at, place } as const
    const sequence = inbox.insert(message, row)
    if (sequence === null) return
    lengths.set(id, length + 1)
    inbox.indexAnew(sequence)
  }

  #isKept(message: IncomingMessage): boolean {
    const { admission, config, clock, isOurs, transport, forgottenPeople } = this.#deps
    const { content, chat, sender, sentAt, writtenByOwner, id } = message
    if (content.kind !== 'message' && content.kind !== 'unsupported') return false
    if (sentAt.getTime() < clock.now() - config().retention.days * DAY_MS) return false
    if (isOurs(id)) return false
    if (forgottenPeople.isForgotten(otherSideOf(message), chat.address, sentAt.getTime())) return false
    if (writtenByOwner !== undefined)
      return admission.keepsOwnerWords(
        chat.kind === 'group' ? { group: chat.address } : { to: writtenByOwner.to },
      )
    const isOwn = isProven(sender) && provenNumber(sender) === transport.ownNumber
    return isOwn === (chat.kind === 'self') && admission.judge(message).allowed
  }
}

function otherSideOf({ sender, writtenByOwner }: IncomingMessage): IncomingMessage['sender'] {
  return writtenByOwner?.to ?? sender
}

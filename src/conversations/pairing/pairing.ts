import type { Logger } from 'pino'
import { entriesNaming } from '../../access/entries-naming.ts'
import { senderNameAsWritten } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'
import { shownText } from '../../messaging/content.ts'
import { isProven } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Admission } from '../intake/admission.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'
import type { Sentences } from '../notices/sentences.ts'
import { toNoticePart } from '../replies/reply-text.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import { type Conversation, type ConversationStore, conversationOf } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import { newPairingCode, shownPairingCode } from './pairing-code.ts'
import { isOver, type PairingRow, type PairingStore } from './pairing-store.ts'
import { personIn } from './person-in.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** How long a code counts. */
const CODE_MINUTES = 60
const MAX_PENDING = 3
/** Messages with a code that one account sends in a day. */
const MAX_A_DAY = 20

export interface PairingDependencies {
  account: string
  pairing: PairingStore
  conversations: Pick<ConversationStore, 'of'>
  inbox: Pick<InboxStore, 'lastSequence' | 'find'>
  admission: Pick<Admission, 'allowsPerson'>
  outbox: Pick<Outbox, 'enqueue' | 'withdraw' | 'pump'>
  outboxStore: Pick<OutboxStore, 'find'>
  transport: Pick<Transport, 'newLocalId'>
  commits: CommitGroup
  config: () => AccountConfig
  /** In the language of the account. */
  sentences: () => Sentences
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/**
 * People who may not write and ask for it, under `dmPolicy: "pairing"`: each is sent one message with a code, with which somebody else
 * allows them. What they wrote is not kept.
 */
export class Pairing {
  readonly #deps: PairingDependencies

  constructor(deps: PairingDependencies) {
    this.#deps = deps
  }

  /**
   * Somebody wrote who may not: sends them a code, where one is due. Not to what came while we were away, not in groups, not to somebody
   * who was rejected, and once a day at most. Written when it returns. Throws `StorageError`.
   */
  asked(message: IncomingMessage): void {
    const { commits } = this.#deps
    const { sender } = message
    if (!this.#asks(message) || !isProven(sender) || sender.changed === true) return
    const entries = entriesNaming(sender)
    const [person] = entries
    if (person === undefined) return
    commits.now(() => {
      const expired = this.#expire()
      return inOrder([expired, this.#isDue(entries) ? this.#invite(message, person) : undefined])
    })
  }

  /** Whether a code is due to the sender of this message, if they are who it says: WhatsApp is asked first. */
  isInQuestion(message: IncomingMessage): boolean {
    const { sender } = message
    if (sender.claim === undefined || sender.conflict || !this.#asks(message)) return false
    return this.#isDue([...entriesNaming(sender), sender.claim.phoneNumber])
  }

  /**
   * The policy is another one, or time has passed: who may write now is told so and asks no longer, whoever allowed them and however;
   * a request whose time is over is none any more. Written when it returns. Throws `StorageError`.
   */
  settle(): void {
    const { pairing, commits } = this.#deps
    if (pairing.pending().length === 0) return
    commits.now(() =>
      inOrder([
        // First: the config file may have had them in time, and the daemon was away since.
        ...pairing.pending().map((row) => (this.#mayWrite(row) ? this.#approved(row) : undefined)),
        this.#expire(),
      ]),
    )
  }

  /** Inside of a transaction: nobody allows this person; they are not sent a code again. */
  reject(row: PairingRow): Committed {
    this.#deps.pairing.settle(row.sequence, 'rejected')
    this.#deps.logger.info('a request for access was rejected')
    return inOrder([this.#withdraw(row), () => this.#publishSettled(row, 'rejected')])
  }

  /** Inside of a transaction: the number is somebody else's now, who may ask anew. */
  forget(phoneNumber: string): Committed {
    const { pairing } = this.#deps
    const rows = pairing.of([phoneNumber]).filter(({ state }) => state === 'pending')
    pairing.forget([phoneNumber])
    return this.#ended(rows)
  }

  /** Inside of a transaction: the account is somebody else's now. */
  forgetAll(): Committed {
    const { pairing } = this.#deps
    const rows = pairing.pending()
    pairing.forgetAll()
    return this.#ended(rows)
  }

  /** Inside of a transaction: a sentence in the chat in which an owner asked for something. */
  answer(inbox: number, text: string): Committed | undefined {
    const row = this.#deps.inbox.find(inbox)
    return row && this.#say({ ...row, after_inbox: row.sequence }, text).committed
  }

  #asks({ chat, arrival, content }: IncomingMessage): boolean {
    if (this.#deps.config().access.dmPolicy !== 'pairing') return false
    if (chat.kind !== 'direct' || arrival !== 'live' || content.kind !== 'message') return false
    return shownText(content.parts).trim() !== ''
  }

  #isDue(entries: readonly string[]): boolean {
    const { pairing } = this.#deps
    const now = this.#now
    const isRecent = ({ source, asked_at }: PairingRow): boolean =>
      source === 'person' && Math.abs(now - asked_at) < DAY_MS
    // Who was approved, and may not write any more, was taken off the list by a person.
    const counts = (row: PairingRow): boolean => row.state !== 'expired' && !isOver(row, now)
    if (pairing.of(entries).some((row) => counts(row) || isRecent(row))) return false
    return (
      pairing.pending().filter((row) => row.source === 'person' && counts(row)).length < MAX_PENDING &&
      pairing.countSince(now - DAY_MS, 'person') < MAX_A_DAY
    )
  }

  #invite({ chat, sender }: IncomingMessage, person: string): Committed {
    const { account, pairing, conversations, inbox, config, publish, logger } = this.#deps
    const code = newPairingCode()
    const now = this.#now
    const expiresAt = now + CODE_MINUTES * MINUTE_MS
    const conversation = conversations.of(chat, sender)
    const { localId, committed } = this.#say(
      {
        conversation: conversation.id,
        conversation_name: conversation.name,
        chat: chat.address,
        chat_kind: chat.kind,
        after_inbox: inbox.lastSequence(),
      },
      this.#deps.sentences().pairingCode(shownPairingCode(code), CODE_MINUTES),
    )
    const name = senderNameAsWritten(config(), sender.displayName)
    pairing.insert({
      person,
      address: sender.address,
      name,
      code,
      message_id: localId,
      asked_at: now,
      expires_at: expiresAt,
      source: 'person',
      reason: null,
    })
    logger.info('somebody who may not write asks for access, and is sent a code')
    return inOrder([
      committed,
      () =>
        publish('pairing.requested', {
          account,
          ...personIn(person),
          name,
          source: 'person',
          expiresAt: new Date(expiresAt).toISOString(),
          at: new Date(now).toISOString(),
        }),
    ])
  }

  #approved(row: PairingRow): Committed {
    const { pairing, outboxStore, logger } = this.#deps
    const sent = outboxStore.find(row.message_id)
    const told = sent && this.#say(sent, this.#deps.sentences().pairingApproved).committed
    const { phoneNumber, id } = personIn(row.person)
    const answered =
      row.asked_by === null
        ? undefined
        : this.answer(row.asked_by, this.#deps.sentences().pairingDone(phoneNumber ?? row.name ?? id ?? ''))
    pairing.settle(row.sequence, 'approved')
    logger.info('a request for access was approved')
    return inOrder([this.#withdraw(row), told, answered, () => this.#publishSettled(row, 'approved')])
  }

  #expire(): Committed {
    const { pairing } = this.#deps
    const over = pairing.pending().filter((row) => isOver(row, this.#now))
    for (const { sequence } of over) pairing.settle(sequence, 'expired')
    return this.#ended(over)
  }

  /** Nobody decided about these. */
  #ended(rows: readonly PairingRow[]): Committed {
    return inOrder(rows.flatMap((row) => [this.#withdraw(row), () => this.#publishSettled(row, 'expired')]))
  }

  /** The code is of no use any more: it does not go out, and is not kept. */
  #withdraw({ message_id }: PairingRow): Committed | undefined {
    return this.#deps.outbox.withdraw(message_id)
  }

  #mayWrite({ person, address }: PairingRow): boolean {
    return this.#deps.admission.allowsPerson(person.startsWith('+') ? person : address)
  }

  #say(
    place: Pick<OutboxRow, 'conversation' | 'conversation_name' | 'chat' | 'chat_kind' | 'after_inbox'>,
    text: string,
  ): { localId: string; committed: Committed } {
    const { outbox, transport, config } = this.#deps
    const localId = transport.newLocalId()
    const conversation: Conversation = conversationOf(place)
    const queued = outbox.enqueue({
      localId,
      conversation,
      chat: { kind: place.chat_kind, address: place.chat },
      kind: 'notice',
      turn: null,
      afterInbox: place.after_inbox,
      quotes: null,
      ...toNoticePart(text, config()),
      queuedAt: this.#now,
    })
    const committed = (): void => {
      queued()
      // Not within the transport's own call.
      setImmediate(() => outbox.pump())
    }
    return { localId, committed }
  }

  #publishSettled({ person }: PairingRow, outcome: 'approved' | 'rejected' | 'expired'): void {
    const { account, publish, now } = this.#deps
    publish('pairing.settled', { account, ...personIn(person), outcome, at: now().toISOString() })
  }

  get #now(): number {
    return this.#deps.now().getTime()
  }
}

import { readsGroup } from '../access/group-policy.ts'
import type { OwnerQuestion } from '../agents/owner-question.ts'
import type { SenderIdentity } from '../messaging/identity.ts'
import type { IncomingMessage } from '../messaging/incoming-message.ts'
import type { MessageStatusUpdate, SendFailure } from '../messaging/outcome.ts'
import type { OutgoingContent } from '../messaging/outgoing-message.ts'
import type { IntakeVerdict, Sink } from '../messaging/sink.ts'
import { buildParts, type ConversationParts } from './conversation-parts.ts'
import type { ConversationsDependencies } from './conversations-dependencies.ts'
import { readActivity } from './history/activity.ts'
import type { Activity } from './history/activity.ts'
import { pruneConversations } from './history/retention.ts'
import { ACCOUNT_CHANGED_CODE, OutboxAdmin } from './outbox/outbox-admin.ts'
import { SEND_FAILURES } from './outbox/send-failures.ts'
import type { HandOver } from './store/hand-overs.ts'
import type { PairingAdmin } from './pairing/pairing-admin.ts'
import { sentContent } from './replies/sent-content.ts'
import { inOrder } from './store/commit-group.ts'

/** Of the conversations that wait for a person; the latest ones. */
const MAX_HAND_OVERS = 50
const PRUNE_EVERY_MS = 3_600_000
/** A flood fills the tables faster than the clock empties them. */
const PRUNE_EVERY_MESSAGES = 500
const ACCOUNT_CHANGED: SendFailure = {
  code: ACCOUNT_CHANGED_CODE,
  message: 'The account was disconnected or linked to another phone before the reply went out.',
}

/**
 * What people write to one account and what it answers: inbox → turn → agent → outbox. What `received` took in is
 * answered exactly once, also when the process dies at any point; who is not allowed leaves no text behind.
 */
export class Conversations implements Sink {
  /** The messages that are not out, for people to look after. */
  readonly outbox: OutboxAdmin
  /** People who ask for access. */
  readonly pairing: PairingAdmin
  readonly #deps: ConversationsDependencies
  readonly #parts: ConversationParts
  #pruning: NodeJS.Timeout | null = null
  #takenSincePrune = 0

  constructor(deps: ConversationsDependencies) {
    this.#deps = deps
    this.#parts = buildParts(deps, () => this.#taken())
    this.pairing = this.#parts.pairingAdmin
    this.outbox = new OutboxAdmin({
      store: this.#parts.outboxStore,
      outbox: this.#parts.outbox,
      isAllowed: (row) => this.#parts.admission.allowsReply(row),
      isSecret: (messageId) => this.#parts.pairing.hasCode(messageId),
    })
  }

  /** Resumes pending turns and unsent replies. Throws `StorageError`. */
  start(): void {
    const { queue, turns, outbox, unresolved, commits, acks, pauses } = this.#parts
    commits.start()
    pauses.load()
    this.#pruning = setInterval(() => this.#prune(), PRUNE_EVERY_MS)
    this.#pruning.unref()
    this.#prune()
    queue.start()
    this.policyChanged()
    turns.start()
    outbox.start()
    acks.start()
    unresolved.start()
    this.pairing.start()
  }

  /** Interrupts turns, which stay pending, and waits for the message in flight, 5 s at most. Idempotent. */
  async stop(): Promise<void> {
    const { queue, turns, outbox, unresolved, typing, commits, acks, skipped } = this.#parts
    if (this.#pruning !== null) clearInterval(this.#pruning)
    this.#pruning = null
    unresolved.stop()
    queue.stop()
    await Promise.all([turns.stop(), acks.stop()])
    typing.stop()
    await outbox.stop()
    commits.stop()
    skipped.flush()
  }

  /** Written when it returns. Throws `StorageError`; the transport must not acknowledge the message then. */
  received(message: IncomingMessage): IntakeVerdict {
    return this.#parts.reception.received(message)
  }

  /** Whether what the account's owner writes to this person may be kept now. */
  keepsOwnerWords(to: SenderIdentity): boolean {
    return this.#parts.admission.keepsOwnerWords({ to })
  }

  /** Messages of allowed people that were left unanswered since this was made. */
  get skippedMessages(): number {
    return this.#parts.skipped.count
  }

  /** Signs of life, with the answers since `since`, in milliseconds since 1970. Throws `StorageError`. */
  activity(since: number): Activity {
    return readActivity(this.#deps.database, since)
  }

  statusChanged(update: MessageStatusUpdate): void {
    this.#parts.outbox.statusChanged(update)
  }

  readyChanged(ready: boolean): void {
    this.#parts.outbox.readyChanged(ready)
    if (!ready) return
    this.#parts.turns.wake()
    this.#parts.acks.wake()
    // Not within the transport's own call.
    setImmediate(() => {
      this.#parts.receipts.resume()
      this.#parts.typing.resume()
    })
    this.#parts.unresolved.askAll()
  }

  /** What this sender wrote is judged again: answered when allowed, otherwise deleted and reported. */
  senderResolved(sender: SenderIdentity): void {
    this.#parts.reception.senderResolved(sender)
  }

  /**
   * The allowlist, the pause switch or other settings changed: takes back the turns and unsent replies of people who may not talk now.
   * Never throws: what the disk refuses here is refused again, by the verdict, when the turn starts or the reply is due.
   */
  policyChanged(): void {
    const { withdrawal, blocked, admission, outbox, acks, pauses, turns, requests, unresolved } = this.#parts
    try {
      pauses.follow(this.#deps.config().enabled)
      requests.settle()
      withdrawal.notAllowed()
      blocked.forget((sender) => admission.allowsPerson(sender))
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the disk refused to take back what is not allowed any more')
    }
    this.#followManner()
    turns.agentsChanged({ all: true })
    outbox.pump()
    acks.wake()
    // Somebody who is listed by id needs no number.
    unresolved.askAll()
  }

  /** An agent came back or went away: turns that wait for it look again. */
  agentsChanged(): void {
    this.#parts.turns.agentsChanged()
  }

  /** What is under way follows the settings, too. */
  #followManner(): void {
    const { typing, waitingLines, queue, outbox } = this.#parts
    if (!this.#deps.config().typing) typing.stop()
    waitingLines.settingsChanged()
    queue.settingsChanged()
    outbox.paceChanged()
  }

  /** Asks an owner whether an agent may do something (`permissions/owner-questions.ts`). Never rejects. */
  askOwner(question: OwnerQuestion): Promise<boolean> {
    return this.#parts.questions.ask(question)
  }

  /** Whoever has this number, E.164, and may not write is not reported until then. Throws `StorageError`. */
  ignoreSender(phoneNumber: string): Date {
    return new Date(this.#parts.blocked.ignore(phoneNumber, this.#deps.now().getTime()))
  }

  isIgnored(phoneNumber: string): boolean {
    return this.#parts.blocked.isIgnored(phoneNumber, this.#deps.now().getTime())
  }

  /** Whether the person with this number may write directly. */
  allows(phoneNumber: string): boolean {
    return this.#parts.admission.allowsPerson(phoneNumber)
  }

  /** The number belongs to somebody else now: nothing that its former owner said or is owed goes to them. */
  personChanged({ phoneNumber, formerAddress }: { phoneNumber: string; formerAddress: string }): void {
    const { conversations, withdrawal, blocked, requests, commits } = this.#parts
    // That an earlier owner wrote was reported: this one's first message is news.
    blocked.forget((sender) => sender === phoneNumber)
    const former = conversations.at(phoneNumber)
    if (former !== undefined) withdrawal.of(former.id, SEND_FAILURES.personChanged)
    commits.now(() => requests.forget(phoneNumber))
    conversations.numberLost(phoneNumber, formerAddress)
  }

  /** Never throws: what a group is called, its next message finds out again. */
  groupNamed(group: string, name: string): void {
    const { commits, titles } = this.#parts
    try {
      commits.now(() => titles.learn(group, name))
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the disk refused to store what a group is called')
    }
  }

  /** Those who asked, got no word, and may still be answered; the latest first. Throws `StorageError`. */
  handOvers(): HandOver[] {
    const { handOvers, admission } = this.#parts
    return handOvers
      .list(MAX_HAND_OVERS)
      .filter(({ conversation }) =>
        conversation.kind === 'group'
          ? readsGroup(this.#deps.config().groupAccess, conversation.name)
          : admission.allows(conversation, conversation.name),
      )
  }

  /** WhatsApp said in which form it knows numbers that are allowed: messages that wait for that are judged again. */
  numbersLearned(): void {
    this.policyChanged()
  }

  /** What went out under this id, for a phone that asks for it again (`sent-content.ts`). */
  sentContent(remoteId: string, asker: { chat: string; phoneNumber: string | null }): OutgoingContent | null {
    return sentContent(this.#parts, remoteId, asker)
  }

  /** The account belongs to somebody else from now on: what was asked of the former owner is not answered by the new one. */
  accountChanged(): void {
    const {
      commits,
      unresolved,
      withdrawal,
      chosen,
      models,
      chats,
      conversations,
      acks,
      handOvers,
      requests,
    } = this.#parts
    unresolved.forgetAll()
    withdrawal.all(ACCOUNT_CHANGED)
    commits.now(() => {
      conversations.forgetEmpty([...chosen.forgetAll(), ...models.forgetAll(), ...chats.resumeAll()])
      return inOrder([requests.forgetAll(), acks.endAll(), handOvers.endAll()])
    })
    commits.durable()
  }

  #taken(): void {
    this.#takenSincePrune += 1
    if (this.#takenSincePrune === PRUNE_EVERY_MESSAGES) setImmediate(() => this.#prune())
  }

  #prune(): void {
    this.#takenSincePrune = 0
    // Stopped meanwhile.
    if (this.#pruning === null) return
    try {
      this.#parts.requests.settle()
      pruneConversations(this.#deps.database, this.#parts.conversations, this.#deps.now().getTime())
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'old messages could not be deleted')
    }
  }
}

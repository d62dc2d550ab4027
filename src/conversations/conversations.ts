import { readsGroup } from '../access/group-policy.ts'
import type { OwnerQuestion } from '../agents/owner-question.ts'
import type { SenderIdentity } from '../messaging/identity.ts'
import type { IncomingMessage } from '../messaging/incoming-message.ts'
import type { MessageStatusUpdate, SendFailure } from '../messaging/outcome.ts'
import type { OutgoingContent } from '../messaging/outgoing-message.ts'
import type { AppHold, IntakeVerdict, PersonMove, Sink } from '../messaging/sink.ts'
import { buildParts, type ConversationParts } from './conversation-parts.ts'
import type { ConversationsDependencies } from './conversations-dependencies.ts'
import type { Backlog } from '../observability/metrics/metric-facts.ts'
import { observeIntake } from './intake/observe-intake.ts'
import { readBacklog } from './history/backlog.ts'
import { readActivity } from './history/activity.ts'
import type { Activity } from './history/activity.ts'
import { ACCOUNT_CHANGED_CODE, OutboxAdmin } from './outbox/outbox-admin.ts'
import { SEND_FAILURES } from './outbox/send-failures.ts'
import { whySilenced } from './outbox/why-silenced.ts'
import { MediaAdmin } from './media/media-admin.ts'
import type { MessageChanges } from './sending/message-changes.ts'
import type { Sending } from './sending/sending.ts'
import type { ConversationAdmin } from './read-model/conversation-admin.ts'
import type { HandOver } from './store/hand-overs.ts'
import { PeopleAdmin } from './people-admin.ts'
import type { TakeoverAdmin } from './takeover/takeover-admin.ts'
import type { PairingAdmin } from './pairing/pairing-admin.ts'
import { withMannerOf } from './replies/charged-manner.ts'
import { sentContent } from './replies/sent-content.ts'
import { inOrder } from './store/commit-group.ts'
import { UsageAdmin } from './usage/usage-admin.ts'

/** Of the conversations that wait for a person and are shown; the latest ones. */
const MAX_HAND_OVERS = 50
/** Read at most, because those who may not write any more are left out. */
const MAX_READ_HAND_OVERS = 1_000
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
  /** What is said, for people and programs to read. */
  readonly admin: ConversationAdmin
  /** Who answers in each of them. */
  readonly takeover: TakeoverAdmin
  /** People who ask for access. */
  readonly pairing: PairingAdmin
  /** What is known of people, and its end. */
  readonly people: PeopleAdmin
  /** What programs and dashboards send. */
  readonly sending: Sending
  /** Reactions, and changes of what is out. */
  readonly changes: MessageChanges
  /** What was done, by month. */
  readonly usage: UsageAdmin
  /** Files for people who may see them. */
  readonly media: MediaAdmin
  readonly #deps: ConversationsDependencies
  readonly #parts: ConversationParts
  #pruning: NodeJS.Timeout | null = null
  #takenSincePrune = 0

  constructor(given: ConversationsDependencies) {
    const deps = { ...given, config: withMannerOf(given.config, given.transport.capabilities) }
    this.#deps = deps
    this.#parts = buildParts(deps, () => this.#taken())
    this.pairing = this.#parts.pairingAdmin
    this.people = new PeopleAdmin({ ...deps, ...this.#parts })
    this.sending = this.#parts.sending
    this.changes = this.#parts.changes
    this.usage = new UsageAdmin({ ...this.#parts, capabilities: deps.transport.capabilities })
    this.media = new MediaAdmin({ ...this.#parts, store: this.#parts.media, files: this.#parts.mediaFiles })
    this.admin = this.#parts.conversationAdmin
    this.takeover = this.#parts.takeoverAdmin
    this.outbox = new OutboxAdmin({
      store: this.#parts.outboxStore,
      outbox: this.#parts.outbox,
      isAllowed: (row) => this.#parts.admission.allowsReply(row),
      windows: this.#parts.windows,
      whySilenced: (row) => whySilenced((id) => this.#parts.takeover.whySilent(id), row),
      isSecret: (messageId) => this.#parts.pairing.hasCode(messageId),
    })
  }

  /** Resumes pending turns and unsent replies. Throws `StorageError`. */
  start(): void {
    const { queue, turns, outbox, unresolved, commits, acks, pauses, mediaFiles, fetcher, takeover } =
      this.#parts
    const { retention, searchUpkeep } = this.#parts
    commits.start()
    retention.start()
    pauses.load()
    void mediaFiles.repair()
    this.#pruning = setInterval(() => this.#prune(), PRUNE_EVERY_MS)
    this.#pruning.unref()
    this.#prune()
    queue.start()
    takeover.start()
    this.policyChanged()
    fetcher.start()
    turns.start()
    outbox.start()
    acks.start()
    unresolved.start()
    this.pairing.start()
    this.#parts.forgetting.resume()
    searchUpkeep.start()
  }

  /** Interrupts turns, which stay pending, and waits for the message in flight, 5 s at most. Idempotent. */
  async stop(): Promise<void> {
    const { queue, turns, outbox, unresolved, typing, commits, acks, skipped, fetcher, news, takeover } =
      this.#parts
    const { retention, searchUpkeep } = this.#parts
    if (this.#pruning !== null) clearInterval(this.#pruning)
    this.#pruning = null
    searchUpkeep.stop()
    unresolved.stop()
    takeover.stop()
    queue.stop()
    await Promise.all([turns.stop(), acks.stop(), fetcher.stop(), retention.stop()])
    typing.stop()
    await outbox.stop()
    commits.stop()
    skipped.flush()
    news.stop()
  }

  /** Written when it returns. Throws `StorageError`; the transport must not acknowledge the message then. */
  received(message: IncomingMessage): IntakeVerdict {
    return observeIntake(this.#deps, message, () => this.#parts.reception.received(message))
  }

  /** Whether what the account's owner writes to this person may be kept now. */
  keepsOwnerWords(to: SenderIdentity): boolean {
    return this.#parts.admission.keepsOwnerWords({ to })
  }

  /** The account has been linked anew. */
  linked(): void {
    this.#parts.pastMessages.linked()
  }

  /** Whether messages from before the link are taken in. Throws `StorageError`. */
  get wantsPast(): boolean {
    return this.#parts.pastMessages.areWanted
  }

  /** Messages from before the link; what is kept of them is written when it returns. Throws `StorageError`. */
  past(messages: readonly IncomingMessage[]): void {
    this.#parts.pastMessages.take(messages)
  }

  /** Messages of allowed people that were left unanswered since this was made. */
  get skippedMessages(): number {
    return this.#parts.skipped.count
  }

  /** How often something of this sandbox was taken out of an answer since this was made. */
  get redactions(): number {
    return this.#parts.redaction.count
  }

  /** Signs of life, with the answers since `since`, in milliseconds since 1970. Throws `StorageError`. */
  activity(since: number): Activity {
    return readActivity(this.#deps.database, since)
  }

  /** What waits. Throws `StorageError`. */
  backlog(): Backlog {
    return readBacklog(this.#deps.database)
  }

  /** Never throws: what the disk refuses is unread until the owner reads there again. */
  readByOwner(chat: string, messageIds: readonly string[]): void {
    try {
      this.#parts.readMarks.readOnPhone(chat, messageIds)
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the disk refused to store what the owner has read')
    }
  }

  statusChanged(update: MessageStatusUpdate): void {
    this.#parts.outbox.statuses.take(update)
  }

  sentAt(message: Pick<MessageStatusUpdate, 'remoteId' | 'localId'>): number | null {
    return this.#parts.outbox.statuses.sentAt(message)
  }

  readyChanged(ready: boolean): void {
    this.#parts.outbox.readyChanged(ready)
    this.#parts.takeover.readyChanged()
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

  /** Another app answers in a chat, or no longer does. Throws `StorageError`. */
  heldByApp({ chat, other, isHeld, at }: AppHold): void {
    const { admission, commits, conversations, merges, takeover } = this.#parts
    if (!admission.judge({ chat, sender: other }).allowed) return
    merges.learn(other)
    commits.now(() => takeover.heldByApp(conversations.of(chat, other), isHeld, at.getTime()))
  }

  /** The account has another number: what other apps held was on the former one. Throws `StorageError`. */
  numberChanged(): void {
    const { commits, takeover } = this.#parts
    commits.now(() => takeover.endAppHolds())
  }

  /** Somebody who may write goes by another name now, under which nobody has allowed them: people are told, and can allow them. */
  personMoved(move: PersonMove): void {
    this.#parts.reception.personMoved(move)
  }

  /** Its person wrote, or not for a day: who looks at the conversation sees that. Never throws. */
  windowChanged(chat: string): void {
    const { conversations, news } = this.#parts
    try {
      const conversation = conversations.at(chat)
      if (conversation !== undefined) news.changed(conversation.id)
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'that a conversation can be written to, or not, cannot be told')
    }
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
    const { withdrawal, blocked, admission, outbox, acks, pauses, turns, requests, unresolved, fetcher } =
      this.#parts
    try {
      pauses.follow(this.#deps.config().enabled)
      this.#parts.takeover.settingsChanged()
      requests.settle()
      withdrawal.notAllowed()
      fetcher.policyChanged()
      blocked.forget((sender) => admission.allowsPerson(sender))
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the disk refused to take back what is not allowed any more')
    }
    void this.#parts.mediaFiles.prune()
    this.#parts.retention.settingsChanged()
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
    typing.settingsChanged()
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

  /**
   * Chats that wait for a person and may still be answered: how many (1,000 at most), and those where the assistant said nothing on purpose,
   * the latest first. `takenOver`: how many chats a person has taken over. Throws `StorageError`.
   */
  attention(): { waiting: number; handedOver: HandOver[]; takenOver: number } {
    const { handOvers, admission, takeover } = this.#parts
    const waiting = handOvers
      .list(MAX_READ_HAND_OVERS)
      .filter(({ conversation }) =>
        conversation.kind === 'group'
          ? readsGroup(this.#deps.config().groupAccess, conversation.name)
          : admission.allows(conversation, conversation.name),
      )
    const handedOver = waiting.filter(({ why }) => why === 'handed_over').slice(0, MAX_HAND_OVERS)
    return { waiting: waiting.length, handedOver, takenOver: takeover.count }
  }

  /** WhatsApp said in which form it knows numbers that are allowed: messages that wait for that are judged again. */
  numbersLearned(): void {
    this.policyChanged()
  }

  /** What went out under this id, for a phone that asks for it again (`sent-content.ts`). */
  sentContent(remoteId: string, asker: { chat: string; phoneNumber: string | null }): OutgoingContent | null {
    const content = sentContent(this.#parts, remoteId, asker)
    if (content !== null) this.#deps.counts.askedAgain += 1
    return content
  }

  /** The account belongs to somebody else from now on: what was asked of the former owner is not answered by the new one. */
  accountChanged(): void {
    const {
      commits,
      unresolved,
      withdrawal,
      chosen,
      models,
      takeover,
      conversations,
      acks,
      handOvers,
      requests,
    } = this.#parts
    unresolved.forgetAll()
    withdrawal.all(ACCOUNT_CHANGED)
    commits.now(() => {
      conversations.forgetEmpty([...chosen.forgetAll(), ...models.forgetAll(), ...takeover.endAll()])
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
      this.#parts.uploads.prune()
      this.#parts.forgetting.resume()
      void this.#parts.retention.run().then(() => this.#parts.mediaFiles.prune())
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'old messages could not be deleted')
    }
  }
}

import type { Logger } from 'pino'
import { readsGroup } from '../access/group-policy.ts'
import { isForUs } from '../access/may-be-answered.ts'
import type { Verdict } from '../access/policy.ts'
import { isProven, provenNumber, type SenderIdentity, statedNumber } from '../messaging/identity.ts'
import type { IncomingMessage } from '../messaging/incoming-message.ts'
import type { MessageStatusUpdate, SendFailure } from '../messaging/outcome.ts'
import type { OutgoingContent } from '../messaging/outgoing-message.ts'
import type { IntakeVerdict, Sink } from '../messaging/sink.ts'
import type { Transport } from '../messaging/transport.ts'
import type { Agent } from '../agents/agent.ts'
import type { AccountConfig } from '../config/model.ts'
import type { EventPublisher } from '../protocol/events.ts'
import type { Database } from '../storage/database/database.ts'
import { ackContent } from './reactions/ack-content.ts'
import { BlockedSenders } from './intake/blocked-senders.ts'
import { identityOf, isGroupConversation, numberOf } from './store/conversation-key.ts'
import { buildParts, type ConversationParts } from './conversation-parts.ts'
import type { HeldMessage } from './intake/held-messages.ts'
import { ACCOUNT_CHANGED_CODE, OutboxAdmin } from './outbox/outbox-admin.ts'
import { contentOf } from './replies/quote.ts'
import { pruneConversations } from './history/retention.ts'
import type { Resolution } from './intake/unresolved-senders.ts'
import { withinBounds } from './intake/within-bounds.ts'

const PRUNE_EVERY_MS = 3_600_000
/** A flood fills the tables faster than the clock empties them. */
const PRUNE_EVERY_MESSAGES = 500
const ACCOUNT_CHANGED: SendFailure = {
  code: ACCOUNT_CHANGED_CODE,
  message: 'The account was disconnected or linked to another phone before the reply went out.',
}

type Refusal = Exclude<Verdict, { allowed: true }>['reason']

export interface ConversationsDependencies {
  account: string
  database: Database
  transport: Transport
  /** The settings in force, asked for at every use. */
  config: () => AccountConfig
  agentFor: (id: string) => Agent
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
  /** In [0, 1). */
  random: () => number
}

/**
 * What people write to one account and what it answers: inbox → turn → agent → outbox. What `received` took in is
 * answered exactly once, also when the process dies at any point; who is not allowed leaves no text behind.
 */
export class Conversations implements Sink {
  /** The messages that are not out, for people to look after. */
  readonly outbox: OutboxAdmin
  readonly #deps: ConversationsDependencies
  readonly #parts: ConversationParts
  readonly #blocked: BlockedSenders
  #pruning: NodeJS.Timeout | null = null
  #takenSincePrune = 0
  #hasRefusedName = false

  constructor(deps: ConversationsDependencies) {
    this.#deps = deps
    this.#blocked = new BlockedSenders(deps.database)
    this.#parts = buildParts(deps, {
      resolved: (resolution) => this.#resolved(resolution),
    })
    this.outbox = new OutboxAdmin({
      store: this.#parts.outboxStore,
      outbox: this.#parts.outbox,
      isAllowed: (row) => this.#parts.admission.allowsReply(row),
    })
  }

  /** Resumes pending turns and unsent replies. Throws `StorageError`. */
  start(): void {
    const { queue, turns, outbox, unresolved, commits, acks } = this.#parts
    commits.start()
    this.#pruning = setInterval(() => this.#prune(), PRUNE_EVERY_MS)
    this.#pruning.unref()
    this.#prune()
    queue.start()
    this.policyChanged()
    turns.start()
    outbox.start()
    acks.start()
    unresolved.start()
  }

  /** Interrupts turns, which stay pending, and waits for the message in flight, 5 s at most. Idempotent. */
  async stop(): Promise<void> {
    const { queue, turns, outbox, unresolved, typing, commits, acks } = this.#parts
    if (this.#pruning !== null) clearInterval(this.#pruning)
    this.#pruning = null
    unresolved.stop()
    queue.stop()
    await Promise.all([turns.stop(), acks.stop()])
    typing.stop()
    await outbox.stop()
    commits.stop()
  }

  /** Written when it returns. Throws `StorageError`; the transport must not acknowledge the message then. */
  received(incoming: IncomingMessage): IntakeVerdict {
    const { transport, logger, now } = this.#deps
    const bounded = withinBounds(incoming, now())
    if (bounded === null) {
      // Whoever sends one may send many: they must not fill the log.
      logger[this.#hasRefusedName ? 'debug' : 'warn'](
        { chatKind: incoming.chat.kind },
        'a message is ignored: its id, its chat or its sender has a name that is too long or has control characters',
      )
      this.#hasRefusedName = true
      return 'ignored'
    }
    const message = this.#named(bounded)
    const { chat, sender, content } = message
    const isOwn =
      isProven(sender) && transport.ownNumber !== null && provenNumber(sender) === transport.ownNumber
    const isRevision = content.kind === 'edit' || content.kind === 'revoke'
    if (isOwn && chat.kind !== 'self' && isRevision) {
      this.#parts.revisions.takeOwn(message)
      return 'inboxed'
    }
    if (chat.kind === 'self' ? !isOwn || this.#isOurs(message.id) : isOwn) {
      logger.debug({ chatKind: chat.kind }, 'a message of our own is ignored')
      return 'ignored'
    }
    const verdict = this.#parts.admission.judge(message)
    if (!verdict.allowed) return this.#refuse(message, verdict.reason)
    this.#take(message)
    return 'inboxed'
  }

  statusChanged(update: MessageStatusUpdate): void {
    this.#parts.outbox.statusChanged(update)
  }

  readyChanged(ready: boolean): void {
    this.#parts.outbox.readyChanged(ready)
    if (!ready) return
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
    if (provenNumber(sender) === null) return
    for (const each of this.#parts.held.of(sender.address, this.#deps.now().getTime())) {
      const { claim } = each.message.sender
      const known =
        claim === undefined ? sender : this.#deps.transport.identify(sender.address, claim.alternate)
      // What it says of its sender is still open, or contradicted: that is settled by the answer to its own question.
      if (isProven(known)) this.#judgeHeld(each, known, true)
    }
  }

  /**
   * The allowlist or other settings changed: takes back the turns and unsent replies of people who may not talk now.
   * Never throws: what the disk refuses here is refused again, by the verdict, when the turn starts or the reply is due.
   */
  policyChanged(): void {
    try {
      this.#takeBack((conversation) => !this.#mayAnybodyTalk(conversation))
      this.#takeBackInGroups()
      this.#blocked.forget((sender) => this.#parts.admission.allows(sender, sender))
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the disk refused to take back what is not allowed any more')
    }
    this.#parts.outbox.pump()
    this.#parts.acks.wake()
  }

  /** Whether the person with this number may write directly. */
  allows(phoneNumber: string): boolean {
    return this.#parts.admission.allows(phoneNumber, phoneNumber)
  }

  /** WhatsApp said in which form it knows numbers that are allowed: whoever waits for that is judged again. */
  numbersLearned(): void {
    this.policyChanged()
    this.#parts.unresolved.askAll()
  }

  /**
   * What went out under this id, from disk, for a phone that could not decrypt it and asks again. Only in the group, or
   * for the person, that it was written to (`asker`), and only while it might go out: anybody can name an id.
   */
  sentContent(remoteId: string, asker: { chat: string; phoneNumber: string | null }): OutgoingContent | null {
    const { outboxStore, ackStore, admission, inbox } = this.#parts
    const row = outboxStore.findRemote(remoteId)
    const ack = row === undefined ? ackStore.find(remoteId) : undefined
    const sent = row ?? (ack && { ...ack, after_inbox: ack.inbox })
    if (sent === undefined || row?.text === '' || !admission.allowsReply(sent)) return null
    const person = numberOf(sent.conversation)
    const isSomebodyElse = person !== null && asker.phoneNumber !== null && asker.phoneNumber !== person
    const isSame =
      !isSomebodyElse &&
      (asker.chat === sent.chat || (asker.phoneNumber !== null && asker.phoneNumber === sent.conversation))
    if (!isSame) return null
    if (ack !== undefined) return ackContent(ack, ack.message_id === remoteId ? 'reaction' : 'removal')
    return row === undefined ? null : contentOf(inbox, row)
  }

  /** The account speaks for somebody else from now on: what was asked of the former owner is not answered by the new one. */
  accountChanged(): void {
    const { commits, unresolved, chosen, acks } = this.#parts
    unresolved.forgetAll()
    this.#takeBack(() => true, ACCOUNT_CHANGED)
    commits.now(() => {
      chosen.forgetAll()
      return acks.endAll()
    })
    commits.durable()
  }

  /** Cancels the turns and unsent replies of the conversations that `goes` picks. */
  #takeBack(goes: (conversation: string) => boolean, why?: SendFailure): void {
    const { queue, turns, outbox, outboxStore, commits, receipts } = this.#parts
    for (const conversation of new Set([...queue.conversations(), ...outboxStore.queuedConversations()])) {
      if (!goes(conversation)) continue
      receipts.forget(conversation)
      commits.now(() => {
        const events = [
          queue.cancel(conversation),
          turns.cancel(conversation),
          outbox.cancel(conversation, why),
        ]
        return () => {
          for (const event of events) event()
        }
      })
    }
  }

  /** In groups, what was asked by people who may not talk there now; the others go on. */
  #takeBackInGroups(): void {
    const { queue, turns, outbox, outboxStore, commits, admission } = this.#parts
    for (const conversation of new Set([...queue.conversations(), ...outboxStore.queuedConversations()])) {
      if (!isGroupConversation(conversation)) continue
      const asker = turns.askedBy(conversation)
      const isAskerOut = asker !== null && !admission.allows(conversation, asker)
      commits.now(() => {
        const events = [
          ...(isAskerOut ? [turns.cancel(conversation)] : []),
          outbox.cancel(conversation, undefined, (row) => !admission.allowsReply(row)),
        ]
        return () => {
          for (const event of events) event()
        }
      })
    }
  }

  /** WhatsApp was asked about a sender. */
  #resolved({ address, alternate, sender, isAnswered }: Resolution): void {
    // Of a bare LID nobody else but WhatsApp can tell more, and it has not.
    if (alternate === undefined && provenNumber(sender) === null) return
    for (const each of this.#parts.held.of(address, this.#deps.now().getTime())) {
      if (each.message.sender.claim?.alternate === alternate) this.#judgeHeld(each, sender, isAnswered)
    }
  }

  /** The verdict on a held message; while WhatsApp did not answer, or did not say whose LID it is, it is held on. */
  #judgeHeld({ sequence, message }: HeldMessage, sender: SenderIdentity, isAnswered: boolean): void {
    const { displayName } = message.sender
    const judged = this.#named({ ...message, sender: { ...sender, displayName } })
    const verdict = this.#parts.admission.judge(judged)
    if (verdict.allowed) this.#take(judged)
    else if (message.chat.kind !== 'group') this.#reportBlocked(judged, verdict.reason)
    // Deleted after it was taken in: after a crash in between, the inbox knows it.
    if (verdict.allowed || (isAnswered && verdict.reason !== 'lid_unresolved'))
      this.#parts.held.delete(sequence)
  }

  #take(message: IncomingMessage): void {
    const { kind } = message.content
    if (kind === 'edit' || kind === 'revoke') this.#parts.revisions.take(message)
    else this.#parts.intake.take(message)
    this.#takenSincePrune += 1
    if (this.#takenSincePrune === PRUNE_EVERY_MESSAGES) setImmediate(() => this.#prune())
  }

  #isOurs(id: string): boolean {
    return this.#parts.outboxStore.findRemote(id) !== undefined || this.#parts.ackStore.find(id) !== undefined
  }

  /** The config's name for its sender goes before their own. */
  #named(message: IncomingMessage): IncomingMessage {
    const { sender } = message
    const number = isProven(sender) ? provenNumber(sender) : null
    const name = number === null ? undefined : this.#deps.config().senders[number]?.name
    return name === undefined || name === null
      ? message
      : { ...message, sender: { ...sender, displayName: name } }
  }

  #mayAnybodyTalk(conversation: string): boolean {
    if (isGroupConversation(conversation)) return readsGroup(this.#deps.config().groupAccess, conversation)
    return this.#parts.admission.allows(conversation, conversation)
  }

  /** Nothing of it is kept, unless it may turn out that its sender is somebody who is allowed. */
  #refuse(message: IncomingMessage, reason: Refusal): IntakeVerdict {
    const isGroup = message.chat.kind === 'group'
    // Reported when WhatsApp has been asked: perhaps it is somebody who is allowed.
    const isInQuestion = this.#hangsOnClaim(message)
    // A group is full of people who write to each other: nobody is told of them.
    if (!isGroup && !isInQuestion) this.#reportBlocked(message, reason)
    const isHeld = isInQuestion || (reason === 'lid_unresolved' && (!isGroup || this.#isForUs(message)))
    if (!isHeld) return 'blocked'
    this.#parts.unresolved.hold(message)
    return 'held'
  }

  /** Whether its sender may talk as whom the message says, or as whom they are known for. */
  #hangsOnClaim(message: IncomingMessage): boolean {
    const { sender, chat } = message
    if (sender.claim === undefined) return false
    return [sender.claim.phoneNumber, provenNumber(sender)].some(
      (number) =>
        number !== null && this.#parts.admission.judge({ chat, sender: identityOf(number) }).allowed,
    )
  }

  #isForUs({ chat, mentionsUs }: IncomingMessage): boolean {
    return isForUs(this.#deps.config(), { group: chat.address, mentionsUs })
  }

  #reportBlocked({ sender }: IncomingMessage, reason: Refusal): void {
    const { account, publish, now } = this.#deps
    const { address, displayName: name } = sender
    // Of a contradiction only what is proven is shown.
    const phoneNumber = sender.conflict ? provenNumber(sender) : statedNumber(sender)
    const at = now()
    if (!this.#blocked.shouldReport(phoneNumber ?? address, reason, at.getTime())) return
    publish('message.blocked', { account, phoneNumber, name, reason, at: at.toISOString() })
  }

  #prune(): void {
    this.#takenSincePrune = 0
    // Stopped meanwhile.
    if (this.#pruning === null) return
    try {
      pruneConversations(this.#deps.database, this.#deps.now().getTime())
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'old messages could not be deleted')
    }
  }
}

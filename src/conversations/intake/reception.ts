import { senderNameAsWritten } from '../../config/as-written.ts'
import type { Logger } from 'pino'
import { entriesNaming } from '../../access/entries-naming.ts'
import { idEntriesOf } from '../../access/numbers/id-entry.ts'
import { isForUs } from '../../access/may-be-answered.ts'
import type { Verdict } from '../../access/policy.ts'
import { isProven, provenNumber, type SenderIdentity, statedNumber } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { IntakeVerdict, PersonMove } from '../../messaging/sink.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { AccountCounts } from '../../observability/metrics/account-counts.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import { identityOf } from '../store/person.ts'
import type { MessageClock } from '../message-clock.ts'
import type { Admission } from './admission.ts'
import type { BlockedSenders } from './blocked-senders.ts'
import type { ConversationMerges } from './conversation-merges.ts'
import { calledByName } from './called-by-name.ts'
import type { HeldMessage, HeldMessages } from './held-messages.ts'
import type { Intake } from './intake.ts'
import type { OwnerWords } from './owner-words.ts'
import type { Pairing } from '../pairing/pairing.ts'
import type { Revisions } from './revisions.ts'
import type { Resolution, UnresolvedSenders } from './unresolved-senders.ts'
import { withinBounds } from './within-bounds.ts'

type Refusal = Exclude<Verdict, { allowed: true }>['reason']

export interface ReceptionDependencies {
  account: string
  admission: Admission
  blocked: BlockedSenders
  held: HeldMessages
  unresolved: Pick<UnresolvedSenders, 'hold'>
  merges: ConversationMerges
  intake: Pick<Intake, 'take'>
  clock: MessageClock
  revisions: Pick<Revisions, 'take'>
  ownerWords: Pick<OwnerWords, 'take'>
  requests: Pick<Pairing, 'asked' | 'isInQuestion'>
  /** Whether the daemon itself sent this. */
  isOurs: (remoteId: string) => boolean
  /** Something was taken in. */
  taken: () => void
  transport: Pick<Transport, 'ownNumber' | 'identify'>
  config: () => AccountConfig
  publish: EventPublisher['publish']
  counts: Pick<AccountCounts, 'blocked'>
  logger: Logger
  now: () => Date
}

/** How long somebody with a bare LID is not taken for a stranger. */
const ASK_AFTER_MS = 30_000

/** The first step of every message: who wrote it, whether they may, and what becomes of it. */
export class Reception {
  readonly #deps: ReceptionDependencies
  #hasRefusedName = false

  constructor(deps: ReceptionDependencies) {
    this.#deps = deps
  }

  /** Written when it returns. Throws `StorageError`; the transport must not acknowledge the message then. */
  received(incoming: IncomingMessage): IntakeVerdict {
    const { logger, ownerWords, taken, isOurs, admission, clock } = this.#deps
    const bounded = withinBounds(incoming, new Date(clock.now()))
    if (bounded === null) {
      // A sender of one such message may send many: they must not fill the log.
      logger[this.#hasRefusedName ? 'debug' : 'warn'](
        { chatKind: incoming.chat.kind },
        'a message is ignored: its id, its chat or its sender has a name that is too long or has control characters',
      )
      this.#hasRefusedName = true
      return 'ignored'
    }
    const message = this.#named(bounded)
    const { chat, writtenByOwner } = message
    if (writtenByOwner !== undefined) {
      if (writtenByOwner.to !== null) this.#deps.merges.learn(writtenByOwner.to)
      const verdict = ownerWords.take(message, writtenByOwner.to)
      if (verdict === 'inboxed') taken()
      return verdict
    }
    const isOwn = this.#isOwn(message.sender)
    if (chat.kind === 'self' ? !isOwn || isOurs(message.id) : isOwn) {
      logger.debug({ chatKind: chat.kind }, 'a message of our own is ignored')
      return 'ignored'
    }
    const verdict = admission.judge(message)
    if (!verdict.allowed) return this.#refuse(message, verdict.reason)
    this.#take(message)
    return 'inboxed'
  }

  /** The number behind a sender is known: what they wrote is judged again, answered when allowed, otherwise deleted and reported. */
  senderResolved(sender: SenderIdentity): void {
    const { merges, held, transport, now } = this.#deps
    if (provenNumber(sender) === null) return
    merges.learn(sender)
    for (const each of held.of(sender.address, now().getTime())) {
      const { claim } = each.message.sender
      const known = claim === undefined ? sender : transport.identify(sender.address, claim.alternate)
      // What it says of its sender is still open, or contradicted: that is settled by the answer to its own question.
      if (isProven(known)) this.#judgeHeld(each, known, true)
    }
  }

  /** Reported like a message of somebody who may not write, where they might under the name that they had. */
  personMoved({ from, to, chat }: PersonMove): void {
    const { admission } = this.#deps
    const verdict = admission.judge({ chat, sender: to })
    if (!verdict.allowed && admission.judge({ chat, sender: from }).allowed)
      this.#reportBlocked({ sender: { ...to, displayName: this.#nameOf(from) } }, verdict.reason)
  }

  /** WhatsApp was asked about a sender. */
  resolved({ address, alternate, sender, isAnswered }: Resolution): void {
    // Only WhatsApp can tell whose a bare LID is, and its answer named no number.
    const isUnnamed = alternate === undefined && provenNumber(sender) === null
    for (const each of this.#deps.held.of(address, this.#deps.now().getTime())) {
      if (each.message.sender.claim?.alternate !== alternate) continue
      this.#judgeHeld(each, sender, isAnswered && (!isUnnamed || this.#hasWaited(each.message)))
    }
  }

  /** The verdict on a held message; while WhatsApp did not answer, or did not say whose LID it is, it stays held. */
  #judgeHeld({ sequence, message }: HeldMessage, sender: SenderIdentity, isAnswered: boolean): void {
    const { displayName } = message.sender
    const judged = this.#named({ ...message, sender: { ...sender, displayName } })
    const verdict = this.#deps.admission.judge(judged)
    if (verdict.allowed) this.#take(judged)
    else if (message.chat.kind !== 'group') {
      this.#reportBlocked(judged, verdict.reason)
      if (isAnswered) this.#mayAsk(judged, verdict.reason)
    }
    // Deleted after it was taken in: after a crash in between, the inbox knows it.
    if (verdict.allowed || (isAnswered && verdict.reason !== 'lid_unresolved')) {
      if (!verdict.allowed) this.#deps.counts.blocked.add(verdict.reason)
      this.#deps.held.delete(sequence)
    }
  }

  #take(message: IncomingMessage): void {
    const { merges, revisions, intake, taken, config } = this.#deps
    const { kind } = message.content
    merges.learn(message.sender)
    if (kind === 'edit' || kind === 'revoke') revisions.take(message)
    else intake.take(calledByName(message, config().mentionPatterns))
    taken()
  }

  #isOwn(sender: SenderIdentity): boolean {
    const { ownNumber } = this.#deps.transport
    return isProven(sender) && ownNumber !== null && provenNumber(sender) === ownNumber
  }

  /** Where the config names the sender, that name replaces the sender's own. */
  #named(message: IncomingMessage): IncomingMessage {
    const { sender } = message
    const name = this.#nameOf(sender)
    return name === null ? message : { ...message, sender: { ...sender, displayName: name } }
  }

  /** What the config calls this person; `null` where it does not name them. */
  #nameOf(sender: SenderIdentity): string | null {
    const { senders } = this.#deps.config()
    const entries = isProven(sender) ? entriesNaming(sender) : []
    return entries.map((entry) => senders[entry]?.name ?? null).find((each) => each !== null) ?? null
  }

  /** Nothing of it is kept, unless it may turn out that its sender is somebody who is allowed. */
  #refuse(message: IncomingMessage, reason: Refusal): IntakeVerdict {
    // What the owner notes down for themself is nobody's attempt to talk.
    if (message.chat.kind === 'self' && reason === 'policy_disabled') return 'ignored'
    const isGroup = message.chat.kind === 'group'
    // Reported when WhatsApp has been asked: perhaps it is somebody who is allowed.
    const isInQuestion =
      this.#hangsOnClaim(message) ||
      (!this.#isIgnored(message.sender) && this.#deps.requests.isInQuestion(message))
    // The members of a group write to each other: these messages are not reported.
    if (!isGroup && !isInQuestion) this.#reportBlocked(message, reason)
    const isHeld = isInQuestion || (reason === 'lid_unresolved' && (!isGroup || this.#isForUs(message)))
    if (!isHeld) {
      this.#deps.counts.blocked.add(reason)
      this.#mayAsk(message, reason)
      return 'blocked'
    }
    this.#deps.unresolved.hold(message)
    return 'held'
  }

  /**
   * Somebody who may not write, and is not in question: under `pairing` they may be sent a code. Not somebody whom a person does not want
   * to hear of, nor somebody who may turn out to be allowed, when WhatsApp says in which form it knows their number.
   */
  #mayAsk(message: IncomingMessage, reason: Refusal): void {
    const isStranger =
      reason === 'not_allowed' || (reason === 'lid_unresolved' && provenNumber(message.sender) === null)
    // A code would be an answer to what another app was asked.
    const isForUs = message.isForApp !== true
    if (isStranger && isForUs && !this.#isIgnored(message.sender)) this.#deps.requests.asked(message)
  }

  #isIgnored(sender: SenderIdentity): boolean {
    const { blocked, now } = this.#deps
    return blocked.isIgnored(statedNumber(sender) ?? sender.address, now().getTime())
  }

  /** Whether WhatsApp has had the time to say whose LID it is: it is asked for those of the people who may write. */
  #hasWaited({ sentAt }: IncomingMessage): boolean {
    return this.#deps.clock.now() - sentAt.getTime() >= ASK_AFTER_MS
  }

  /** Whether its sender may talk as the person that the message names, or as the one that they are known for. */
  #hangsOnClaim({ sender, chat }: IncomingMessage): boolean {
    if (sender.claim === undefined) return false
    const { claim: _claim, phoneNumber: _number, changed: _changed, ...known } = sender
    if (this.#deps.admission.judge({ chat, sender: { ...known, conflict: false } }).allowed) return true
    return [sender.claim.phoneNumber, provenNumber(sender)].some(
      (number) => number !== null && this.#deps.admission.judge({ chat, sender: identityOf(number) }).allowed,
    )
  }

  #isForUs(message: IncomingMessage): boolean {
    const config = this.#deps.config()
    const { chat, mentionsUs } = calledByName(message, config.mentionPatterns)
    return isForUs(config, { group: chat.address, mentionsUs })
  }

  #reportBlocked({ sender }: Pick<IncomingMessage, 'sender'>, reason: Refusal): void {
    const { account, blocked, config, publish, now } = this.#deps
    const { address, displayName } = sender
    const name = senderNameAsWritten(config(), displayName)
    // Of a contradiction only what is proven is shown.
    const phoneNumber = sender.conflict ? provenNumber(sender) : statedNumber(sender)
    const at = now()
    if (!blocked.shouldReport(phoneNumber ?? address, reason, at.getTime())) return
    const [id = null] = phoneNumber === null && isProven(sender) ? idEntriesOf(sender) : []
    publish('message.blocked', { account, phoneNumber, id, name, reason, at: at.toISOString() })
  }
}

import { generateMessageIDV2, jidDecode, jidEncode, type WASocket } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import { lidOfEntry } from '../../access/numbers/id-entry.ts'
import type { ChatReference } from '../../messaging/chat-reference.ts'
import { provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { RemoteMedia } from '../../messaging/content.ts'
import type { MediaOutcome, MediaTarget } from '../../messaging/media-outcome.ts'
import type { MessageReference } from '../../messaging/message-reference.ts'
import type { SendOutcome } from '../../messaging/outcome.ts'
import type { OutgoingMessage } from '../../messaging/outgoing-message.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { withDeadline } from '../../timing/deadline.ts'
import type { MentionedPerson, Transport } from '../../messaging/transport.ts'
import { LINKED_DEVICE_CAPABILITIES } from './capabilities.ts'
import { learnMembers } from './groups/learn-members.ts'
import type { AllowedLids } from './identity/allowed-lids.ts'
import type { LidRefresh } from './identity/lid-refresh.ts'
import type { LinkSocket } from './socket/link-socket.ts'
import { writersOf } from './polls/poll-of-message.ts'
import type { LinkStores } from './link-stores.ts'
import { uploadForMessage } from './media/upload-for-message.ts'
import type { LinkMedia } from './media/link-media.ts'
import { sendMessage } from './outbound/outbound.ts'
import type { DirectDelivery } from './outbound/send-direct.ts'
import { Presence } from './outbound/presence.ts'
import { messageKey } from './outbound/to-message.ts'
import type { SendWatch } from './life/send-watch.ts'
import { isOurs } from './inbound/owner-stanza.ts'
import { RecipientInquiry } from './identity/recipient-inquiry.ts'
import { identifyAddress, numbersInQuestion } from './identity/sender-identity.ts'

/** A question to an assistant waits no longer for what its group is called. */
const NAME_WAIT_MS = 1_000
/** A long list is gone through for longer: the question is asked again then. */
const LEARN_WAIT_MS = 20_000

export interface LinkTransportDependencies {
  stores: LinkStores
  sends: SendWatch
  lock: DirectDelivery['lock']
  tokenWaitMs: number
  lids: Pick<AllowedLids, 'ask' | 'learnAgain'>
  refresh: Pick<LidRefresh, 'settled' | 'marked'>
  media: Pick<LinkMedia, 'uploads' | 'downloads'>
  /** `null` unless the link is open. */
  openSocket(): LinkSocket | null
  linked(): boolean
  /** A message was acknowledged. */
  sent(): void
  /** WhatsApp said in which form it knows a number. */
  numbersLearned(): void
  /** `canSend` is another. */
  changed(): void
  logger: Logger
  now: () => number
}

/** What goes out over an account's link, on whichever socket it has. */
export class LinkTransport implements Transport {
  readonly capabilities = LINKED_DEVICE_CAPABILITIES
  readonly templates = null
  readonly #deps: LinkTransportDependencies
  #ready = false
  #canSend = true
  #clockOffsetMs: number | null = null
  #clockReadings = 0
  readonly #presence: Presence
  readonly #recipients: RecipientInquiry

  constructor(deps: LinkTransportDependencies) {
    this.#deps = deps
    const { openSocket, logger, stores, now } = deps
    const socket = (): WASocket | null => openSocket()?.baileys ?? null
    this.#presence = new Presence({ openSocket: socket, logger })
    this.#recipients = new RecipientInquiry({
      registered: stores.registered,
      socket,
      learned: () => deps.numbersLearned(),
      now,
    })
  }

  get ready(): boolean {
    return this.#ready
  }

  /** Whether WhatsApp answered the latest message, with a yes or a no; true on a new connection. */
  get canSend(): boolean {
    return this.#canSend
  }

  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs
  }

  get clockReadings(): number {
    return this.#clockReadings
  }

  get ownNumber(): string | null {
    const { stores, linked } = this.#deps
    const user = linked() ? jidDecode(stores.credentials.me?.id)?.user : undefined
    // Whatever else WhatsApp calls an account, it is no number that can be shown.
    return user !== undefined && /^[1-9]\d{4,16}$/.test(user) ? `+${user}` : null
  }

  /** The link is open now, or is no longer. */
  readyChanged(ready: boolean): void {
    this.#ready = ready
    this.#presence.reset()
    if (!ready) return
    // It has logged in without a word about the time.
    this.#clockOffsetMs ??= 0
    this.#canSend = true
    this.#deps.sends.reconnected()
    this.#deps.stores.groups.forgetAll()
  }

  /** WhatsApp's clock shows `at`, milliseconds since 1970. */
  clockTold(at: number): void {
    if (!(at > 0) || storedTime(at).getTime() !== at) return
    this.#clockOffsetMs = at - this.#deps.now()
    this.#clockReadings += 1
  }

  windowClosesAt(): 'always' {
    return 'always'
  }

  freeUntil(): null {
    return null
  }

  /** The pace is the config's. */
  holdOf(): null {
    return null
  }

  newLocalId(): string {
    return generateMessageIDV2(this.#deps.stores.credentials.me?.id)
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { stores, sends, openSocket, lock, tokenWaitMs, now } = this.#deps
    const socket = openSocket()
    if (socket === null)
      return { outcome: 'unconfirmed', why: 'not connected', nothingLeft: true, interrupted: true }
    sends.began(message.localId, now())
    this.#keepPoll(message)
    const { caches, groups, timers, routes } = stores
    const { refresh, media } = this.#deps
    const { uploads } = media
    const known = { caches, groups, timers, routes, refresh, uploads }
    const outcome = await sendMessage(socket, message, signal, { known, lock, tokenWaitMs })
    if (outcome.outcome === 'acknowledged') this.#deps.sent()
    if (openSocket() !== socket) return outcome
    // For a recipient without keys WhatsApp has answered all that it was asked.
    const canSend = outcome.outcome !== 'unconfirmed' || outcome.hasNoKeys === true
    sends.ended(message.localId, now(), canSend)
    if (canSend !== this.#canSend) {
      this.#canSend = canSend
      this.#deps.changed()
    }
    return outcome
  }

  /** Votes in it come encrypted with its secret. */
  #keepPoll({ localId: messageId, content }: OutgoingMessage): void {
    const { credentials, polls } = this.#deps.stores
    const { me } = credentials
    if (me === undefined || content.kind !== 'message' || content.part.kind !== 'poll') return
    const { question: title, options, secret } = content.part
    const authors = writersOf({ fromMe: true }, me)
    polls.keep({ messageId, kind: 'poll', secret: Buffer.from(secret, 'base64'), title, options, authors })
  }

  async upload({ localId, content }: OutgoingMessage, signal: AbortSignal): ReturnType<Transport['upload']> {
    if (content.kind !== 'message' || content.part.kind !== 'file') return null
    const { media, openSocket, logger } = this.#deps
    const { uploads } = media
    if (uploads.isFresh(localId)) return null
    const socket = openSocket()
    if (socket === null)
      return { outcome: 'unconfirmed', why: 'not connected', nothingLeft: true, interrupted: true }
    return uploadForMessage(socket, { localId, file: content.part.file, signal }, { uploads, logger })
  }

  async setTyping({ kind, address }: ChatReference, typing: boolean): Promise<void> {
    const { routes } = this.#deps.stores
    const to = kind === 'group' ? address : routes.preferred({ address, person: null }).to
    await this.#presence.set(address, to, typing)
  }

  async markRead(messages: readonly MessageReference[]): Promise<void> {
    const { openSocket, logger } = this.#deps
    await bestEffort(openSocket(), logger, (baileys) => baileys.readMessages(messages.map(messageKey)))
  }

  fetchMedia(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    return this.#deps.media.downloads.fetch(media, to, signal)
  }

  async groupName(group: string): Promise<string | null> {
    const { openSocket, logger, stores } = this.#deps
    let name: string | null = null
    const asked = bestEffort(openSocket(), logger, async (baileys) => {
      name = (await learnMembers(baileys, group, stores.groups)).subject
    })
    await withDeadline(asked, NAME_WAIT_MS, () => undefined)
    return name
  }

  forget(addresses: readonly string[], localIds: readonly string[]): void {
    const { journal, polls, names, caches } = this.#deps.stores
    journal.erase(addresses)
    polls.erase(addresses, localIds)
    names.forget(addresses)
    for (const localId of localIds) caches.uploads.del(localId)
  }

  keepsWordsOf(addresses: readonly string[]): boolean {
    const { journal, polls } = this.#deps.stores
    return journal.keepsWordsOf(addresses) || polls.keepsWordsOf(addresses)
  }

  identify(address: string, alternate?: string): SenderIdentity {
    const jid = jidOf(address)
    const identity = identifyAddress(jid, alternate ?? null, this.#deps.stores.credentials.lids)
    return identity ?? { address, displayName: null, conflict: false }
  }

  identifyMention(digits: string): MentionedPerson | null {
    const { credentials, names } = this.#deps.stores
    const { me, lids } = credentials
    const isLid = lids.numberOf(digits) !== null || jidDecode(me?.lid)?.user === digits
    const isNumber = !isLid && lids.lidOf(digits) !== null
    const address = jidEncode(digits, isLid ? 'lid' : 's.whatsapp.net')
    if (me !== undefined && isOurs(address, me))
      return { phoneNumber: this.ownNumber, addresses: [], displayName: me.name ?? null }
    const { phoneNumber, lid } = this.identify(address)
    const name = [digits, phoneNumber?.value.slice(1), lid?.value].flatMap(
      (each) => names.of(each ?? '') ?? [],
    )[0]
    return {
      // Of digits that WhatsApp's directory does not know it cannot be told whether they are a number.
      phoneNumber: isLid || isNumber ? (phoneNumber?.value ?? null) : null,
      addresses: [`+${digits}`, jidEncode(digits, 'lid'), address],
      displayName: name ?? null,
    }
  }

  async resolveSender(address: string, alternate?: string): Promise<SenderIdentity> {
    const { stores, lids } = this.#deps
    if (alternate === undefined) {
      const known = this.identify(address)
      if (provenNumber(known) !== null) return known
      // Nobody can be asked whose LID this is; but the numbers that may talk can be asked for theirs.
      await withDeadline(lids.learnAgain(), LEARN_WAIT_MS, () => {
        throw new Error('WhatsApp is still asked about the numbers that may talk')
      })
      return this.identify(address)
    }
    await lids.ask(numbersInQuestion(address, alternate, stores.credentials.lids))
    const identity = this.identify(address, alternate)
    return identity.conflict || identity.claim === undefined ? identity : this.identify(address)
  }

  async findRecipient(person: string): Promise<SenderIdentity | null> {
    if (lidOfEntry(person) !== null) return this.identify(person)
    // The id of a person for a business says nothing here.
    if (!person.startsWith('+')) return null
    const registered = await this.#recipients.ask(person)
    return registered === null ? null : this.identify(registered)
  }
}

/** Of a number in E.164, of `lid:<digits>`, or of what is an address already. */
function jidOf(person: string): string {
  if (person.startsWith('+')) return jidEncode(person.slice(1), 's.whatsapp.net')
  const lid = lidOfEntry(person)
  return lid === null ? person : jidEncode(lid, 'lid')
}

/** Does what nothing waits for, when the link is open. Never rejects. */
async function bestEffort(
  socket: LinkSocket | null,
  logger: Logger,
  work: (baileys: WASocket) => Promise<unknown>,
): Promise<void> {
  if (socket === null) return
  try {
    await work(socket.baileys)
  } catch (error) {
    logger.debug({ err: error }, 'something that WhatsApp need not answer was not sent')
  }
}

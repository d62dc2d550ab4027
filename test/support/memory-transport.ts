import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { Capabilities } from '../../src/messaging/capabilities.ts'
import type { ChatReference } from '../../src/messaging/chat-reference.ts'
import type { RemoteMedia } from '../../src/messaging/content.ts'
import type { SenderIdentity } from '../../src/messaging/identity.ts'
import type { MediaOutcome, MediaTarget } from '../../src/messaging/media-outcome.ts'
import type { MessageReference } from '../../src/messaging/message-reference.ts'
import type { TemplateSource } from '../../src/messaging/message-template.ts'
import type { SendHold } from '../../src/messaging/send-hold.ts'
import type { SendOutcome } from '../../src/messaging/outcome.ts'
import type { OutgoingContent, OutgoingMessage, OutgoingPart } from '../../src/messaging/outgoing-message.ts'
import type { MentionedPerson, Transport } from '../../src/messaging/transport.ts'
import { LINKED_DEVICE_CAPABILITIES } from '../../src/transports/linked-device/capabilities.ts'
import { identity } from './identity.ts'

type Acknowledged = Extract<SendOutcome, { outcome: 'acknowledged' }>
type Content<Kind> = Extract<OutgoingContent, { kind: Kind }>

/** What a send is answered with; without a `remoteId` the transport makes one, as its capabilities say. */
export type Answer = Exclude<SendOutcome, Acknowledged> | Omit<Acknowledged, 'remoteId'> | Acknowledged

/** A message that went out, taken apart. */
export interface SentText {
  /** The local id. */
  id: string
  chat: ChatReference
  person: string | null
  /** Its words; of what has none, its kind in brackets. */
  text: string
  part: OutgoingPart
  quote: Content<'message'>['quote']
}

export interface SentReaction {
  id: string
  chat: ChatReference
  person: string | null
  reaction: Content<'reaction'>
}

/** What a linked device can do, and an id given by the server, no safe second send, refusals that come later. */
export const CAPABILITIES: Readonly<Record<'linkedDevice' | 'server', Capabilities>> = {
  linkedDevice: LINKED_DEVICE_CAPABILITIES,
  server: {
    remoteIds: 'server',
    resend: false,
    failsLater: true,
    reactions: true,
    revisions: null,
    receipts: true,
    typing: true,
    typingMarksRead: true,
    groups: false,
    isCharged: true,
    templates: true,
    choices: { buttons: 3, rows: 10 },
    polls: false,
    selfChat: false,
    asksForNumber: true,
    textLimit: 4_096,
    media: {},
    typingRenewMs: 20_000,
    pacedByServer: true,
    window: 24 * 3_600_000,
    linking: ['token'],
  },
}

/** A transport that lives in memory and writes down what it was asked to do. */
export class MemoryTransport implements Transport {
  readonly capabilities: Capabilities
  ready = true
  ownNumber: string | null = '+15550009999'
  /** What becomes of each file that is uploaded; `null`: it is there. */
  uploadFailure: Awaited<ReturnType<Transport['upload']>> = null
  clockOffsetMs: number | null = 0
  clockReadings = 0
  /** Everything asked for, in order: `send`, `react`, `typing`, `paused`, `read`, `resolve`; `chat` is an address. */
  readonly log: { what: string; chat: string; detail: string }[] = []
  readonly sent: SentText[] = []
  /** Reactions that went out, apart from the texts. */
  readonly reactions: SentReaction[] = []
  /** Edits and deletions that went out. */
  readonly changes: { id: string; chat: ChatReference; content: Content<'edit' | 'revoke'> }[] = []
  readonly numbers = new Map<string, SenderIdentity>()
  /** By address. */
  readonly groupNames = new Map<string, string>()
  /** By digits. */
  readonly mentioned = new Map<string, MentionedPerson>()
  /** What takes time before a message leaves. */
  preparing: () => Promise<void> | void = () => undefined
  answer: (message: SentText, signal: AbortSignal) => Answer | Promise<Answer> = acknowledge
  answerReaction: (message: SentReaction, signal: AbortSignal) => Answer | Promise<Answer> = acknowledge
  /** What WhatsApp says of a sender; it may reject. */
  answerQuestion = (address: string): Promise<SenderIdentity> => Promise.resolve(this.identify(address))
  /** What can be fetched, by its source. */
  readonly files = new Map<string, Uint8Array>()
  /** What was asked for, in order. */
  readonly fetches: { source: string; to: MediaTarget }[] = []
  /** What a fetch is answered with; it may write `to.path` itself. */
  answerFetch: (
    media: RemoteMedia,
    to: MediaTarget,
    signal: AbortSignal,
  ) => MediaOutcome | Promise<MediaOutcome> = (media, to) => this.#writeFile(media, to)
  /** Until when chats may be written to, by address, and for every other one; `windowClosesAt`. */
  readonly windows = new Map<string, number | null>()
  window: ReturnType<Transport['windowClosesAt']> = 'always'
  /** By address. */
  readonly freeEntries = new Map<string, number>()
  templates: TemplateSource | null = null
  /** Why nothing goes out now, by address; `account`: to nobody. */
  readonly holds = new Map<string, SendHold>()
  /** What was to be forgotten, in order. */
  readonly forgotten: { addresses: readonly string[]; localIds: readonly string[] }[] = []
  #ids = 0

  constructor(capabilities: Capabilities = CAPABILITIES.linkedDevice) {
    this.capabilities = capabilities
  }

  windowClosesAt({ address }: ChatReference): ReturnType<Transport['windowClosesAt']> {
    return this.windows.has(address) ? (this.windows.get(address) ?? null) : this.window
  }

  freeUntil({ address }: ChatReference): number | null {
    return this.freeEntries.get(address) ?? null
  }

  holdOf({ address }: ChatReference): SendHold | null {
    return this.holds.get('account') ?? this.holds.get(address) ?? null
  }

  newLocalId(): string {
    this.#ids += 1
    return `OUT${this.#ids}-${Math.random().toString(36).slice(2)}`
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.ready) return { outcome: 'unconfirmed', why: 'not connected', nothingLeft: true }
    const preparing = this.preparing()
    if (preparing !== undefined) await preparing
    if (message.mayLeave?.() === false)
      return { outcome: 'unconfirmed', why: 'it was taken back', nothingLeft: true, interrupted: true }
    const answer = await this.#answerTo(message, signal)
    if (answer.outcome !== 'acknowledged' || 'remoteId' in answer) return answer
    return { ...answer, remoteId: this.remoteIdOf(message.localId) }
  }

  /** The id that the server gives. */
  remoteIdOf(localId: string): string {
    return this.capabilities.remoteIds === 'local' ? localId : `wamid.${localId}`
  }

  /** Files need no way of their own; what is answered here fails the message. */
  upload({ content }: OutgoingMessage): ReturnType<Transport['upload']> {
    const isFile = content.kind === 'message' && content.part.kind === 'file'
    return Promise.resolve(isFile ? this.uploadFailure : null)
  }

  setTyping({ address }: ChatReference, typing: boolean, about?: MessageReference): Promise<void> {
    this.log.push({ what: typing ? 'typing' : 'paused', chat: address, detail: about?.id ?? '' })
    return Promise.resolve()
  }

  markRead(messages: readonly MessageReference[]): Promise<void> {
    const chat = messages[0]?.chat.address ?? ''
    this.log.push({ what: 'read', chat, detail: messages.map(({ id }) => id).join(',') })
    return Promise.resolve()
  }

  async fetchMedia(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    this.fetches.push({ source: media.source, to })
    return await this.answerFetch(media, to, signal)
  }

  groupName(group: string): Promise<string | null> {
    return Promise.resolve(this.groupNames.get(group) ?? null)
  }

  identifyMention(digits: string): MentionedPerson | null {
    return this.mentioned.get(digits) ?? null
  }

  identify(address: string): SenderIdentity {
    return this.numbers.get(address) ?? identity(address, null)
  }

  /** Addresses of which it keeps words until they are forgotten. */
  readonly keptWordsOf = new Set<string>()

  forget(addresses: readonly string[], localIds: readonly string[]): void {
    this.forgotten.push({ addresses, localIds })
    for (const address of addresses) this.keptWordsOf.delete(address)
  }

  keepsWordsOf(addresses: readonly string[]): boolean {
    return addresses.some((address) => this.keptWordsOf.has(address))
  }

  resolveSender(address: string, alternate = ''): Promise<SenderIdentity> {
    this.log.push({ what: 'resolve', chat: address, detail: alternate })
    return this.answerQuestion(address)
  }

  /** Numbers that are not on WhatsApp, and those that are there in another form. */
  readonly registrations = new Map<string, string | null>()

  findRecipient(person: string): Promise<SenderIdentity | null> {
    this.log.push({ what: 'find', chat: person, detail: '' })
    const registered = this.registrations.get(person)
    return Promise.resolve(registered === null ? null : personAt(registered ?? person))
  }

  texts(): string[] {
    return this.sent.map(({ text }) => text)
  }

  whats(what: string): { chat: string; detail: string }[] {
    return this.log.filter((entry) => entry.what === what)
  }

  #writeFile({ source }: RemoteMedia, { path, maxBytes }: MediaTarget): MediaOutcome {
    const bytes = this.files.get(source)
    const failed = { outcome: 'failed', retry: false } as const
    if (bytes === undefined) return { ...failed, code: 'gone', message: 'The file is gone.' }
    if (bytes.length > maxBytes) return { ...failed, code: 'too_large', message: 'The file is too large.' }
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { outcome: 'fetched', size: bytes.length, sha256 }
  }

  #answerTo(message: OutgoingMessage, signal: AbortSignal): Answer | Promise<Answer> {
    const { localId: id, chat, person, content } = message
    if (content.kind === 'reaction') {
      const sent = { id, chat, person, reaction: content }
      this.reactions.push(sent)
      this.log.push({ what: 'react', chat: chat.address, detail: content.emoji })
      return this.answerReaction(sent, signal)
    }
    if (content.kind !== 'message') {
      this.changes.push({ id, chat, content })
      this.log.push({ what: content.kind, chat: chat.address, detail: content.target.id })
      return acknowledge()
    }
    const sent = { id, chat, person, text: shownOf(content.part), part: content.part, quote: content.quote }
    this.sent.push(sent)
    this.log.push({ what: 'send', chat: chat.address, detail: sent.text })
    return this.answer(sent, signal)
  }
}

function personAt(person: string): SenderIdentity {
  if (!person.startsWith('+')) return identity(person, null)
  return identity(`${person.slice(1)}@s.whatsapp.net`, person)
}

function shownOf(part: OutgoingPart): string {
  return 'text' in part && part.text !== '' ? part.text : `[${part.kind}]`
}

function acknowledge(): Answer {
  return { outcome: 'acknowledged', at: new Date() }
}

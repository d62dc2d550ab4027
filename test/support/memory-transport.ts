import type { Capabilities } from '../../src/messaging/capabilities.ts'
import type { ChatReference } from '../../src/messaging/chat-reference.ts'
import { textOf } from '../../src/messaging/content.ts'
import type { SenderIdentity } from '../../src/messaging/identity.ts'
import type { MessageReference } from '../../src/messaging/message-reference.ts'
import type { SendOutcome } from '../../src/messaging/outcome.ts'
import type { OutgoingContent, OutgoingMessage } from '../../src/messaging/outgoing-message.ts'
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
  text: string
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
    edits: false,
    receipts: true,
    typing: true,
    groups: false,
    media: {},
    window: 24 * 3_600_000,
    linking: ['token'],
  },
}

/** A transport that lives in memory and writes down what it was asked to do. */
export class MemoryTransport implements Transport {
  readonly capabilities: Capabilities
  ready = true
  ownNumber: string | null = '+15550009999'
  clockOffsetMs: number | null = 0
  clockReadings = 0
  /** Everything asked for, in order: `send`, `react`, `typing`, `paused`, `read`, `resolve`; `chat` is an address. */
  readonly log: { what: string; chat: string; detail: string }[] = []
  readonly sent: SentText[] = []
  /** Reactions that went out, apart from the texts. */
  readonly reactions: SentReaction[] = []
  readonly numbers = new Map<string, SenderIdentity>()
  /** By address. */
  readonly groupNames = new Map<string, string>()
  /** By digits. */
  readonly mentioned = new Map<string, MentionedPerson>()
  answer: (message: SentText, signal: AbortSignal) => Answer | Promise<Answer> = acknowledge
  answerReaction: (message: SentReaction, signal: AbortSignal) => Answer | Promise<Answer> = acknowledge
  /** What WhatsApp says of a sender; it may reject. */
  answerQuestion = (address: string): Promise<SenderIdentity> => Promise.resolve(this.identify(address))
  #ids = 0

  constructor(capabilities: Capabilities = CAPABILITIES.linkedDevice) {
    this.capabilities = capabilities
  }

  newLocalId(): string {
    this.#ids += 1
    return `OUT${this.#ids}-${Math.random().toString(36).slice(2)}`
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.ready) return { outcome: 'unconfirmed', why: 'not connected', nothingLeft: true }
    const answer = await this.#answerTo(message, signal)
    if (answer.outcome !== 'acknowledged' || 'remoteId' in answer) return answer
    return { ...answer, remoteId: this.remoteIdOf(message.localId) }
  }

  /** The id that the server gives. */
  remoteIdOf(localId: string): string {
    return this.capabilities.remoteIds === 'local' ? localId : `wamid.${localId}`
  }

  setTyping({ address }: ChatReference, typing: boolean): Promise<void> {
    this.log.push({ what: typing ? 'typing' : 'paused', chat: address, detail: '' })
    return Promise.resolve()
  }

  markRead(messages: readonly MessageReference[]): Promise<void> {
    const chat = messages[0]?.chat.address ?? ''
    this.log.push({ what: 'read', chat, detail: messages.map(({ id }) => id).join(',') })
    return Promise.resolve()
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

  resolveSender(address: string, alternate = ''): Promise<SenderIdentity> {
    this.log.push({ what: 'resolve', chat: address, detail: alternate })
    return this.answerQuestion(address)
  }

  texts(): string[] {
    return this.sent.map(({ text }) => text)
  }

  whats(what: string): { chat: string; detail: string }[] {
    return this.log.filter((entry) => entry.what === what)
  }

  #answerTo(message: OutgoingMessage, signal: AbortSignal): Answer | Promise<Answer> {
    const { localId: id, chat, person, content } = message
    if (content.kind === 'reaction') {
      const sent = { id, chat, person, reaction: content }
      this.reactions.push(sent)
      this.log.push({ what: 'react', chat: chat.address, detail: content.emoji })
      return this.answerReaction(sent, signal)
    }
    const sent = { id, chat, person, text: textOf(content.parts), quote: content.quote }
    this.sent.push(sent)
    this.log.push({ what: 'send', chat: chat.address, detail: sent.text })
    return this.answer(sent, signal)
  }
}

function acknowledge(): Answer {
  return { outcome: 'acknowledged', at: new Date() }
}

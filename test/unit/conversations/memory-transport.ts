import type {
  MessagingTransport,
  OutgoingMessage,
  OutgoingReaction,
  OutgoingText,
  SenderIdentity,
  SendOutcome,
} from '../../../src/messaging/transport.ts'

type Answer = SendOutcome | Promise<SendOutcome>

/** A transport that lives in memory and writes down what it was asked to do. */
export class MemoryTransport implements MessagingTransport {
  ready = true
  ownNumber: string | null = '+15550009999'
  /** Everything asked for, in order: `send`, `typing`, `paused`, `read`, `resolve`. */
  readonly log: { what: string; chat: string; detail: string }[] = []
  readonly sent: OutgoingText[] = []
  /** Reactions that went out, apart from the texts. */
  readonly reactions: OutgoingReaction[] = []
  answerReaction: (message: OutgoingReaction, signal: AbortSignal) => Answer = () => ({
    outcome: 'acknowledged',
    at: new Date(),
  })
  readonly numbers = new Map<string, SenderIdentity>()
  /** What WhatsApp says of a sender; it may reject. */
  answerQuestion = (address: string): Promise<SenderIdentity> => Promise.resolve(this.identify(address))
  answer: (message: OutgoingText, signal: AbortSignal) => Answer = () => ({
    outcome: 'acknowledged',
    at: new Date(),
  })
  #ids = 0

  newMessageId(): string {
    this.#ids += 1
    return `OUT${this.#ids}-${Math.random().toString(36).slice(2)}`
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if ('reaction' in message) {
      this.reactions.push(message)
      this.log.push({ what: 'react', chat: message.chat, detail: message.reaction.emoji })
      return this.answerReaction(message, signal)
    }
    this.sent.push(message)
    this.log.push({ what: 'send', chat: message.chat, detail: message.text })
    return this.answer(message, signal)
  }

  setTyping(chat: string, typing: boolean): Promise<void> {
    this.log.push({ what: typing ? 'typing' : 'paused', chat, detail: '' })
    return Promise.resolve()
  }

  markRead(chat: string, messageIds: string[]): Promise<void> {
    this.log.push({ what: 'read', chat, detail: messageIds.join(',') })
    return Promise.resolve()
  }

  identify(address: string): SenderIdentity {
    return this.numbers.get(address) ?? { phoneNumber: null, address, conflict: false }
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
}

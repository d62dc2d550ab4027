import {
  type BinaryNode,
  decodeMediaRetryNode,
  decryptMediaRetryData,
  encryptMediaRetryRequest,
  proto,
  type WAMessageKey,
  type WASocket,
} from '@whiskeysockets/baileys'
import { Places } from '../../../timing/places.ts'
import { untilAborted } from '../../../timing/until-aborted.ts'

/** WhatsApp Web waits about as long (zapo). */
const ANSWER_MS = 60_000
const MAX_AT_ONCE = 3
/** Messages of which it is remembered that their phone was asked. */
const MAX_ASKED = 1_000
const RETRY_EVENT = 'CB:notification,type:mediaretry'

export type PhoneAnswer =
  | { answer: 'path'; path: string }
  /** The phone has it no more, or cannot give it. */
  | { answer: 'gone' }
  /** It said nothing. */
  | { answer: 'silent' }
  /** The link is not open, or ended meanwhile. */
  | { answer: 'cut' }

type PhoneSocket = Pick<WASocket, 'sendNode' | 'ws'>

export interface PhoneCopiesDependencies {
  /** `null` unless the link is open. */
  socket: () => PhoneSocket | null
  /** Our own address; `null` unless linked. */
  ownJid: () => string | null
  answerMs?: number
}

/**
 * Asks the account's phone to upload a file again that WhatsApp has no more: once a message, few at a time. Source: whatsmeow
 * `mediaretry.go`, zapo; Baileys rc14 has the encryption, but waits without an end.
 */
export class PhoneCopies {
  readonly #deps: PhoneCopiesDependencies
  readonly #places = new Places(MAX_AT_ONCE)
  readonly #asked = new Map<string, Promise<PhoneAnswer>>()

  constructor(deps: PhoneCopiesDependencies) {
    this.#deps = deps
  }

  /**
   * Rejects when `signal` is aborted, or that of the caller who asked first: several callers for one message ask once. Without an
   * answer it may be asked again.
   */
  async ask(key: WAMessageKey, mediaKey: Uint8Array, signal: AbortSignal): Promise<PhoneAnswer> {
    const id = `${key.remoteJid ?? ''} ${key.participant ?? ''} ${key.id ?? ''}`
    const known = this.#asked.get(id)
    if (known !== undefined) return await untilAborted(known, signal)
    const answer = this.#askOnce(key, mediaKey, signal)
    this.#asked.set(id, answer)
    if (this.#asked.size > MAX_ASKED) this.#asked.delete(this.#asked.keys().next().value ?? '')
    const forget = (): void => void this.#asked.delete(id)
    answer.then((result) => {
      if (result.answer === 'silent' || result.answer === 'cut') forget()
    }, forget)
    return await answer
  }

  async #askOnce(key: WAMessageKey, mediaKey: Uint8Array, signal: AbortSignal): Promise<PhoneAnswer> {
    const leave = await this.#places.take(signal)
    try {
      const socket = this.#deps.socket()
      const ownJid = this.#deps.ownJid()
      if (socket === null || ownJid === null) return { answer: 'cut' }
      const answered = this.#awaitAnswer(socket, key, mediaKey, signal)
      // An abort while the request is still on its way is told below.
      answered.catch(() => {})
      await socket
        .sendNode(encryptMediaRetryRequest(key, Buffer.from(mediaKey), ownJid))
        .catch(() => undefined)
      return await answered
    } finally {
      leave()
    }
  }

  #awaitAnswer(
    { ws }: PhoneSocket,
    key: WAMessageKey,
    mediaKey: Uint8Array,
    signal: AbortSignal,
  ): Promise<PhoneAnswer> {
    const { answerMs = ANSWER_MS } = this.#deps
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(timer)
        ws.off(RETRY_EVENT, received)
        ws.off('close', cut)
        signal.removeEventListener('abort', aborted)
        then()
      }
      const silent = (): void => settle(() => resolve({ answer: 'silent' }))
      const cut = (): void => settle(() => resolve({ answer: 'cut' }))
      const aborted = (): void => settle(() => reject(signal.reason as Error))
      const received = (node: BinaryNode): void => {
        if (node.attrs.id !== key.id) return
        const answer = readAnswer(node, key, mediaKey)
        if (answer !== null) settle(() => resolve(answer))
      }
      const timer = setTimeout(silent, answerMs)
      ws.on(RETRY_EVENT, received)
      ws.on('close', cut)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }
}

/** `null` for what is no answer of the phone to this question: encrypted with another key, or about another message. */
function readAnswer(node: BinaryNode, { id }: WAMessageKey, mediaKey: Uint8Array): PhoneAnswer | null {
  const { SUCCESS } = proto.MediaRetryNotification.ResultType
  try {
    const { media, error } = decodeMediaRetryNode(node)
    if (error !== undefined || media === undefined) return { answer: 'gone' }
    const { stanzaId, result, directPath } = decryptMediaRetryData(media, mediaKey, id ?? '')
    if (stanzaId !== id) return null
    return result === SUCCESS && directPath ? { answer: 'path', path: directPath } : { answer: 'gone' }
  } catch {
    return null
  }
}

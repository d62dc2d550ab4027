import {
  downloadAndProcessHistorySyncNotification,
  isLidUser,
  isPnUser,
  jidDecode,
  jidEncode,
  type proto,
  type SignalDataTypeMap,
  toNumber,
  type WAMessage,
} from '@whiskeysockets/baileys'
import type { CredentialStore } from './credential-store.ts'
import type { BaileysLogger } from '../socket/socket-options.ts'

/** A phone sends some dozen parts; one that waits holds a message in memory. */
const MOST_WAITING = 50
const MOST_BYTES = 32 * 1024 * 1024
const MOST_TOKENS = 5_000
const DEADLINE_MS = 60_000

type Token = SignalDataTypeMap['tctoken']

export interface HistoryTokensDependencies {
  store: Pick<CredentialStore, 'keys' | 'lids'>
  logger: BaileysLogger
  /** Aborted when the socket has ended. */
  ended: AbortSignal
}

/**
 * Takes from the history that the own phone shares the tokens with which people may be written to (`tctoken`), and nothing
 * else. Beside the lane of messages, one part at a time; a part that cannot be had in a minute is left out.
 */
export class HistoryTokens {
  readonly #deps: HistoryTokensDependencies
  #waiting = 0
  #tail: Promise<void> = Promise.resolve()

  constructor(deps: HistoryTokensDependencies) {
    this.#deps = deps
  }

  /** Never throws. */
  take({ key, message }: WAMessage): void {
    const part = message?.protocolMessage?.historySyncNotification
    if (!part || key.fromMe !== true || this.#waiting >= MOST_WAITING) return
    if (toNumber(part.fileLength) > MOST_BYTES) return
    this.#waiting += 1
    this.#tail = this.#tail.then(() => this.#read(part)).finally(() => (this.#waiting -= 1))
  }

  async #read(part: proto.Message.IHistorySyncNotification): Promise<void> {
    const { ended, logger } = this.#deps
    if (ended.aborted) return
    try {
      const signal = AbortSignal.any([ended, AbortSignal.timeout(DEADLINE_MS)])
      const { chats } = await downloadAndProcessHistorySyncNotification(part, { signal }, logger)
      await this.#keep(chats)
    } catch (error) {
      logger.debug({ err: error }, 'a part of the history was not read')
    }
  }

  async #keep(chats: readonly proto.IConversation[]): Promise<void> {
    const { keys } = this.#deps.store
    const offered = new Map<string, Token>()
    for (const { id, tcToken, tcTokenTimestamp, tcTokenSenderTimestamp } of chats) {
      const name = this.#nameOf(id ?? '')
      const timestamp = toNumber(tcTokenTimestamp)
      if (name === null || !tcToken?.length || timestamp <= 0 || offered.size >= MOST_TOKENS) continue
      const sentAt = toNumber(tcTokenSenderTimestamp)
      const token = { token: Buffer.from(tcToken), timestamp: String(timestamp) }
      offered.set(name, sentAt > 0 ? { ...token, senderTimestamp: sentAt } : token)
    }
    const known = await keys.get('tctoken', [...offered.keys()])
    const newer = [...offered].flatMap(([name, token]) => {
      const former = known[name]
      const isOlder = Number(former?.timestamp ?? 0) >= Number(token.timestamp)
      return isOlder ? [] : [[name, { ...former, ...token }] as const]
    })
    if (newer.length > 0 && !this.#deps.ended.aborted) await keys.set({ tctoken: Object.fromEntries(newer) })
  }

  /** Under which name the token of a chat is looked for: by LID where the directory knows one. */
  #nameOf(chat: string): string | null {
    const user = jidDecode(chat)?.user
    if (user === undefined) return null
    if (isLidUser(chat) === true) return jidEncode(user, 'lid')
    if (isPnUser(chat) !== true) return null
    const lid = this.#deps.store.lids.lidOf(user)
    return lid === null ? jidEncode(user, 's.whatsapp.net') : jidEncode(lid, 'lid')
  }
}

import {
  isLidUser,
  isPnUser,
  jidDecode,
  jidEncode,
  type proto,
  type SignalDataTypeMap,
  toNumber,
} from '@whiskeysockets/baileys'
import type { CredentialStore } from './credential-store.ts'

const MOST_TOKENS = 5_000

type Token = SignalDataTypeMap['tctoken']

export interface HistoryTokensDependencies {
  store: Pick<CredentialStore, 'keys' | 'lids'>
}

/** Keeps the tokens with which people may be written to (`tctoken`), out of the history that the own phone shares. */
export class HistoryTokens {
  readonly #deps: HistoryTokensDependencies

  constructor(deps: HistoryTokensDependencies) {
    this.#deps = deps
  }

  /** Replaces no newer one. */
  async keep(chats: readonly proto.IConversation[]): Promise<void> {
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
    if (offered.size === 0) return
    const known = await keys.get('tctoken', [...offered.keys()])
    const newer = [...offered].flatMap(([name, token]) => {
      const former = known[name]
      const isOlder = Number(former?.timestamp ?? 0) >= Number(token.timestamp)
      return isOlder ? [] : [[name, { ...former, ...token }] as const]
    })
    if (newer.length > 0) await keys.set({ tctoken: Object.fromEntries(newer) })
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

import { jidEncode, jidNormalizedUser, type proto, toNumber } from '@whiskeysockets/baileys'
import { identifyAddress, type KnownLids } from '../identity/sender-identity.ts'
import type { StoredCache } from '../signal/stored-cache.ts'
import type { TtlCache } from '../signal/ttl-cache.ts'

/** How long the messages of a chat are shown. */
export interface ChatTimer {
  /** Seconds; 0: they stay. */
  seconds: number
  /** When somebody set it, seconds since 1970; 0 where that is not known. */
  setAt: number
}

interface KnownTimer extends ChatTimer {
  /** Milliseconds since 1970. */
  learnedAt: number
}

/** Longer than WhatsApp offers (90 days); more is no time that a person chose. */
const MAX_SECONDS = 400 * 86_400

/** A timer that is remembered is written again no sooner than this. */
const REFRESH_MS = 30 * 86_400_000

export interface ChatTimersDependencies {
  stored: StoredCache
  /** Of chats of which nothing may be kept yet. */
  passing: TtlCache
  lids: KnownLids
  now: () => number
}

/**
 * How long messages are shown in each chat, as its last message said. Every message of a chat with a timer carries it, and
 * the phones take an answer without one for a message that stays (source: Baileys' `ephemeralExpiration`, whatsmeow's
 * `ContextInfo.Expiration`). A chat is known under both names of its person.
 */
export class ChatTimers {
  readonly #deps: ChatTimersDependencies

  constructor(deps: ChatTimersDependencies) {
    this.#deps = deps
  }

  /** What a message of this chat says. `isKept`: whether its chat may be remembered over a restart. */
  learn(chat: string, context: proto.IContextInfo | null, isKept: boolean): void {
    const setAt = context?.ephemeralSettingTimestamp
    this.#set(chat, { seconds: context?.expiration ?? 0, setAt: setAt ? toNumber(setAt) : 0 }, isKept)
  }

  /** Somebody set the timer. Of a chat of which nothing is stored it is kept in memory: its next message says it again. */
  changed(chat: string, timer: ChatTimer): void {
    this.#set(chat, timer, this.#newest(chat, [this.#deps.stored]) !== undefined)
  }

  of(chat: string): ChatTimer | undefined {
    return this.#newest(chat, [this.#deps.stored, this.#deps.passing])
  }

  #set(chat: string, { seconds, setAt }: ChatTimer, isKept: boolean): void {
    const { stored, passing, now } = this.#deps
    const cache = isKept ? stored : passing
    const known = this.#newest(chat, [cache])
    const timer = { seconds: seconds >= 0 && seconds <= MAX_SECONDS ? seconds : 0, setAt, learnedAt: now() }
    // Most chats have none, which is what is said of an unknown chat; and a chat says the same with every message.
    if (known === undefined && timer.seconds === 0 && this.of(chat) === undefined) return
    const isSame = known?.seconds === timer.seconds && known.setAt === setAt
    if (isSame && timer.learnedAt - known.learnedAt < REFRESH_MS && this.of(chat) === known) return
    cache.set<KnownTimer>(jidNormalizedUser(chat), timer)
  }

  #newest(chat: string, caches: readonly Pick<StoredCache, 'get'>[]): KnownTimer | undefined {
    const names = this.#namesOf(jidNormalizedUser(chat))
    return caches
      .flatMap((cache) => names.flatMap((name) => cache.get<KnownTimer>(name) ?? []))
      .toSorted((one, other) => other.learnedAt - one.learnedAt)[0]
  }

  #namesOf(chat: string): string[] {
    const { lid, phoneNumber } = identifyAddress(chat, null, this.#deps.lids) ?? {}
    const names = [
      chat,
      ...(lid === undefined ? [] : [jidEncode(lid.value, 'lid')]),
      ...(phoneNumber === undefined ? [] : [jidEncode(phoneNumber.value.slice(1), 's.whatsapp.net')]),
    ]
    return [...new Set(names)]
  }
}

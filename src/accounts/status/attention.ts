import { senderNameAsWritten } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { AccountView } from '../../protocol/account/account.ts'
import type { OpenAccount } from '../life/open-account.ts'

/** How old what was read may be while nothing is written: some of it ends by itself. */
const MAX_AGE_MS = 60_000

interface Waiting {
  failedMessages: number
  /** At most as many as `Conversations.attention` names. */
  handedOver: NonNullable<AccountView['handedOver']>
  takenOver: number
  waiting: number
}

const NOTHING: Waiting = { failedMessages: 0, handedOver: [], takenOver: 0, waiting: 0 }

/** What of an account waits for a person, as it was read last. */
export class Attention {
  readonly #config: () => AccountConfig
  /** Of a clock that nobody sets, milliseconds. */
  readonly #monotonic: () => number
  #found = NOTHING
  /** What was read, after how many transactions, and when. */
  #read: { parts: object; writes: number; at: number } | null = null

  constructor(config: () => AccountConfig, monotonic: () => number) {
    this.#config = config
    this.#monotonic = monotonic
  }

  get found(): Waiting {
    return this.#found
  }

  /** Throws `StorageError`. */
  read(parts: Pick<OpenAccount, 'conversations' | 'writes'>): void {
    const { conversations, writes } = parts
    this.#read = null
    const at = { parts, writes: writes(), at: this.#monotonic() }
    const { handedOver, takenOver, waiting } = conversations.attention()
    this.#found = {
      failedMessages: conversations.outbox.failed,
      takenOver,
      waiting,
      handedOver: handedOver.map(({ conversation, title, since }) => ({
        conversation: conversation.name,
        name: senderNameAsWritten(this.#config(), title),
        since: new Date(since).toISOString(),
      })),
    }
    this.#read = at
  }

  /** Reads it again where something was written since, or a minute has passed: an idle account's file is left alone. Throws as `read`. */
  follow(parts: Pick<OpenAccount, 'conversations' | 'writes'>): void {
    const last = this.#read
    const isFresh =
      last !== null &&
      last.parts === parts &&
      last.writes === parts.writes() &&
      this.#monotonic() - last.at < MAX_AGE_MS
    if (!isFresh) this.read(parts)
  }
}

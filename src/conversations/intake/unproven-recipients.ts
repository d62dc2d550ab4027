import { provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { Admission } from './admission.ts'

/** Messages that wait for an answer at a time; what has no room is dropped, as words to a stranger are. */
const MAX_WAITING = 100

export interface UnprovenRecipientsDependencies {
  admission: Pick<Admission, 'keepsOwnerWords'>
  transport: Pick<Transport, 'resolveSender'>
}

/**
 * Words of the owner to somebody of whom it is not known yet who they are: right after the link, or after a number was allowed, WhatsApp has
 * not said which LID it has. They wait in memory alone, because words to strangers may not reach the disk.
 */
export class UnprovenRecipients {
  readonly #deps: UnprovenRecipientsDependencies
  #waiting = 0

  constructor(deps: UnprovenRecipientsDependencies) {
    this.#deps = deps
  }

  /**
   * Asks who the other side is, where it may be somebody whose conversation is kept, and calls `take` with them when it is. What cannot be
   * found out, or not stored then, is dropped. Never throws.
   */
  ask({ chat }: IncomingMessage, to: SenderIdentity | null, take: (to: SenderIdentity) => void): void {
    if (chat.kind !== 'direct' || to === null || this.#waiting >= MAX_WAITING || !this.#mayBeKept(to)) return
    this.#waiting += 1
    // Not within the transport's own call.
    setImmediate(() => void this.#resolve(to, take).finally(() => (this.#waiting -= 1)))
  }

  async #resolve({ address, claim }: SenderIdentity, take: (to: SenderIdentity) => void): Promise<void> {
    try {
      const proven = await this.#deps.transport.resolveSender(address, claim?.alternate)
      if (this.#deps.admission.keepsOwnerWords({ to: proven })) take(proven)
    } catch {
      // WhatsApp did not answer, or the files are closed by now.
    }
  }

  /** Whether they would be kept if what the message says is true; of somebody without any number it cannot be told. */
  #mayBeKept(to: SenderIdentity): boolean {
    if (to.conflict || provenNumber(to) !== null) return false
    if (to.claim === undefined) return true
    const { claim, ...others } = to
    const claimed = { ...others, phoneNumber: { value: claim.phoneNumber, proof: 'directory' } } as const
    return this.#deps.admission.keepsOwnerWords({ to: claimed })
  }
}

import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys'
import { isFromServer } from '../socket/is-from-server.ts'
import { TimerSet } from '../../../timing/timer-set.ts'

/** WhatsApp gives ten minutes; whether somebody passed the check it does not tell. Longer, so that it is seen. */
const SHOWN_MS = 60 * 60_000

/** WhatsApp's checkpoint for a linked account: a passkey or a captcha, or the linked devices may go (WhatsApp Web, Cobalt). */
export class IdentityCheck {
  readonly #changed: () => void
  readonly #timers = new TimerSet<'shown'>()
  #isAsked = false

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Whether WhatsApp asked within the last hour. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  /** A notification of WhatsApp's. */
  received(stanza: BinaryNode): void {
    if (!isFromServer(stanza)) return
    const operation = getBinaryNodeChild(stanza, 'update')?.attrs.op_name
    if (operation !== 'NotificationIntegrityChallengeRequest') return
    this.#timers.set('shown', SHOWN_MS, () => this.#set(false))
    this.#set(true)
  }

  /** The link is gone, or closed. Idempotent. */
  clear(): void {
    this.#timers.clear()
    this.#isAsked = false
  }

  #set(isAsked: boolean): void {
    if (isAsked === this.#isAsked) return
    this.#isAsked = isAsked
    this.#changed()
  }
}

import type { Account } from './account.ts'
import type { SessionPartner } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'

/** Anything that messages are encrypted for: a phone or a linked companion. */
export interface Device extends SessionPartner {
  readonly account: Account
  /** 0 is the phone. */
  readonly deviceId: number
  /** What others see as the sender's name. */
  readonly name: string
  /** Hands over a stanza; the device gets it at once or, being offline, with its next login. */
  deliver(stanza: Stanza): void
}

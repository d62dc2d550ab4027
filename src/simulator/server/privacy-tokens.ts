import type { Account } from './account.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Network } from './network.ts'
import { seconds } from './network.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, stanza } from '../wire/stanza.ts'

/** The refusal of a message to somebody who gave out a token, without that token. */
const TOKEN_MISSING = 463
/** A message may have been on its way already when the client acknowledged its token. */
const GRACE_MS = 5_000
const TOKEN_BYTES = 16

interface Issued {
  token: Buffer
  noticeId: string
  /** When the client acknowledged it; milliseconds since the epoch. */
  knownAt: number | undefined
}

/**
 * Trusted-contact tokens: whoever writes to somebody gives their devices one, and wants to see it on each message that
 * comes back. It comes in a notification; a client that has acknowledged it and sends without is refused with 463.
 */
export class PrivacyTokens {
  readonly #network: Pick<Network, 'random' | 'now' | 'directory'>
  readonly #issued = new WeakMap<LinkedCompanion, Map<Account, Issued>>()

  constructor(network: Pick<Network, 'random' | 'now' | 'directory'>) {
    this.#network = network
  }

  /** Once for each pair. */
  issue(from: Account, to: LinkedCompanion): void {
    const known = this.#issued.get(to) ?? new Map<Account, Issued>()
    this.#issued.set(to, known)
    if (known.has(from) || from === to.account) return
    const token = this.#network.random(TOKEN_BYTES)
    const noticeId = this.#network.random(8).toString('hex')
    known.set(from, { token, noticeId, knownAt: undefined })
    const t = seconds(this.#network)
    const attributes = { jid: to.account.jid, t, type: 'trusted_contact' }
    const mode = from.modeFor('pn')
    to.deliver(
      stanza(
        'notification',
        {
          from: from.deviceJid(mode),
          sender_lid: mode === 'pn' ? from.alternateJid('pn') : from.lid,
          type: 'privacy_token',
          id: noticeId,
          t,
        },
        [stanza('tokens', {}, [stanza('token', attributes, token)])],
      ),
    )
  }

  /** A client's acknowledgement, of whatever it is. */
  acknowledged(companion: LinkedCompanion, { attrs }: Stanza): void {
    for (const issued of this.#issued.get(companion)?.values() ?? []) {
      if (issued.noticeId === attrs.id) issued.knownAt ??= this.#network.now()
    }
  }

  /** The error with which a message is refused; only one that goes to all devices of a person carries a token. */
  refusal(sender: LinkedCompanion, message: Stanza): number | undefined {
    const account = this.#network.directory.account(message.attrs.to)
    if (account === undefined || child(message, 'participants') === undefined) return undefined
    const issued = this.#issued.get(sender)?.get(account)
    if (issued?.knownAt === undefined || this.#network.now() - issued.knownAt < GRACE_MS) return undefined
    return bytes(child(message, 'tctoken')).equals(issued.token) ? undefined : TOKEN_MISSING
  }
}

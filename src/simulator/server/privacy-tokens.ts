import type { Account, Device } from './account.ts'
import type { Directory } from './directory.ts'
import { type Environment, seconds } from './environment.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, stanza } from '../wire/stanza.ts'

/** The error of a message that lacks the recipient's token. */
const TOKEN_MISSING = 463
/** A message may have been sent already when the client acknowledged the token. */
const GRACE_MS = 5_000
const TOKEN_BYTES = 16

type PrivacyTokensNetwork = Pick<Environment, 'random' | 'now'> & { directory: Directory }

interface Issued {
  token: Buffer
  noticeId: string
  /** When the client acknowledged it; milliseconds since the epoch. */
  knownAt: number | undefined
  /** The client asked for it: it begins no chat while the client's account may begin none. */
  isAskedFor: boolean
}

/**
 * Trusted-contact tokens: a person who writes to somebody gives their devices a token, which each message in return must
 * carry. It arrives in a notification; a message without it, from a client that acknowledged it, is refused with 463. So is the
 * first message to a person who gave none, where the sender may write to nobody new, or the person wants to be asked first.
 */
export class PrivacyTokens {
  readonly #network: PrivacyTokensNetwork
  readonly #issued = new WeakMap<Device, Map<Account, Issued>>()

  constructor(network: PrivacyTokensNetwork) {
    this.#network = network
  }

  /** Gives a device the token of `from`, once for each pair. */
  issue(from: Account, to: Device): void {
    const known = this.#issued.get(to) ?? new Map<Account, Issued>()
    this.#issued.set(to, known)
    if (known.has(from) || from === to.account || from.firstContact !== 'open') return
    const token = this.#network.random(TOKEN_BYTES)
    const noticeId = this.#network.random(8).toString('hex')
    known.set(from, { token, noticeId, knownAt: undefined, isAskedFor: false })
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

  /** Answers a client that gave its own token to `from`: with the person's, where they let themselves be asked; else `undefined`. */
  ask(from: Account, companion: Device): Stanza | undefined {
    const known = this.#issued.get(companion) ?? new Map<Account, Issued>()
    this.#issued.set(companion, known)
    if (from.firstContact !== 'token') return undefined
    const token = known.get(from)?.token ?? this.#network.random(TOKEN_BYTES)
    const knownAt = this.#network.now() - GRACE_MS
    if (!known.has(from)) known.set(from, { token, noticeId: '', knownAt, isAskedFor: true })
    const attributes = { jid: from.lid, t: seconds(this.#network), type: 'trusted_contact' }
    return stanza('token', attributes, token)
  }

  /** Takes a client's acknowledgement of any stanza. */
  acknowledged(companion: Device, { attrs }: Stanza): void {
    for (const issued of this.#issued.get(companion)?.values() ?? []) {
      if (issued.noticeId === attrs.id) issued.knownAt ??= this.#network.now()
    }
  }

  /** The error of a message without its token; only a message to all devices of a person needs one. */
  refusal(sender: Device, message: Stanza): number | undefined {
    const account = this.#network.directory.account(message.attrs.to)
    if (account === undefined || child(message, 'participants') === undefined) return undefined
    const issued = this.#issued.get(sender)?.get(account)
    const isNew = account !== sender.account && (issued === undefined || issued.isAskedFor)
    if (isNew && isInForce(sender.account, this.#network.now())) return TOKEN_MISSING
    if (isNew && issued === undefined && account.firstContact !== 'open') return TOKEN_MISSING
    if (issued?.knownAt === undefined || this.#network.now() - issued.knownAt < GRACE_MS) return undefined
    return bytes(child(message, 'tctoken')).equals(issued.token) ? undefined : TOKEN_MISSING
  }
}

function isInForce({ reachoutLock }: Account, now: number): boolean {
  return reachoutLock !== null && (reachoutLock.until === null || reachoutLock.until * 1000 > now)
}

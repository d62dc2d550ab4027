import { createHash, randomBytes } from 'node:crypto'
import { type BinaryNode, getBinaryNodeChild, type WASocket } from '@whiskeysockets/baileys'
import type { TransportQr } from '../../../protocol/account/account.ts'
import type { PasskeyStep } from '../../../protocol/account/passkey.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { CredentialStore } from '../signal/credential-store.ts'
import { PasskeyLink } from './passkey/passkey-link.ts'
import type { PasskeyTimes } from './passkey/passkey-machine.ts'
import { QrSeries } from './qr-series.ts'

const SECRET_BYTES = 32
/** The phone's part of the secret of a pairing code. */
const PHONE_KEY = 'link_code_pairing_wrapped_primary_ephemeral_pub'
/** More than a person mistypes a code. */
const MOST_HELLOS = 16

export interface RegistrationEvents {
  qr(offer: TransportQr): void
  /** All QRs of the socket have expired. */
  qrsExpired(): void
  /** The phone has the pairing code: from now on it works on the link. */
  codeEntered(): void
  /** A passkey ceremony began, or came a step further. */
  passkeyMoved(step: PasskeyStep): void
  /** WhatsApp, the phone or a person refuses. `detail` is for the log. */
  linkRefused(reason: ReasonCode, detail?: string): void
}

export interface DeviceRegistrationDependencies {
  baileys: WASocket
  store: CredentialStore
  timings: { qrTimeoutMs?: number; passkey?: Partial<PasskeyTimes> }
  now: () => number
  events: RegistrationEvents
}

/** What WhatsApp says on a socket until the device is linked: QRs, the pairing code, and a passkey that it demands. */
export class DeviceRegistration {
  readonly passkey: PasskeyLink
  readonly #deps: DeviceRegistrationDependencies
  readonly #series: QrSeries
  /** Digests of the phone's answers to a pairing code, oldest first. */
  readonly #hellos = new Set<string>()
  /** The secret from before the phone's first answer. */
  #secretBefore: string | null = null
  #storedSecret: string | undefined

  constructor(deps: DeviceRegistrationDependencies) {
    const { baileys, store, timings, now, events } = deps
    this.#deps = deps
    this.#series = new QrSeries({
      store,
      lifetimeMs: timings.qrTimeoutMs,
      now,
      offered: (offer) => events.qr(offer),
      expired: () => events.qrsExpired(),
    })
    this.passkey = new PasskeyLink({
      baileys,
      store,
      times: timings.passkey,
      now,
      sharedSecret: () => this.#sharedSecret(),
      moved: (step) => {
        // The secret in the QR is retired.
        this.#series.stop()
        events.passkeyMoved(step)
      },
      ended: (reason, detail) => events.linkRefused(reason, detail),
    })
  }

  listen(): void {
    const { ws } = this.#deps.baileys
    this.#series.listen(ws)
    this.passkey.listen()
    ws.on('CB:notification,type:companion_reg_refresh', () => this.#renewSecret())
    // Before Baileys sees it.
    ws.prependListener('CB:notification,type:link_code_companion_reg', (stanza: BinaryNode) =>
      this.#receiveHello(stanza),
    )
    ws.on('CB:iq,type:error', ({ attrs }: BinaryNode) => {
      const { credentials, linked } = this.#deps.store
      if (linked || credentials.pairingCode === undefined || this.passkey.asked(attrs.id)) return
      // Later the phone's answer is what was refused: a person mistyped the code, and may type it again.
      if (this.#hellos.size === 0) this.#deps.events.linkRefused('link_code_rejected')
    })
  }

  /**
   * Right before a frame leaves. Baileys 7.0.0-rc14 derives the secret of a pairing code, tells the phone, and stores it once
   * WhatsApp has answered: a link that is signed meanwhile could not be verified after a restart. Throws when the disk refuses.
   */
  beforeFrame(): void {
    const { store } = this.#deps
    if (this.#hellos.size === 0 || store.linked) return
    const { advSecretKey } = store.credentials
    if (advSecretKey === this.#storedSecret) return
    store.saveCredentials()
    this.#storedSecret = advSecretKey
  }

  /** The device is linked, or the socket ends. Idempotent. */
  stop(): void {
    this.#series.stop()
    this.passkey.stop()
  }

  /** With a pairing code both sides agree on a secret at the end; a phone that was told to wait for a passkey has none. */
  #sharedSecret(): Uint8Array | null {
    const { advSecretKey, pairingCode } = this.#deps.store.credentials
    const isAgreed = this.#secretBefore !== null && advSecretKey !== this.#secretBefore
    return pairingCode === undefined || isAgreed ? Buffer.from(advSecretKey, 'base64') : null
  }

  /**
   * WhatsApp asks for a new pairing secret (`companion_reg_refresh`), which Baileys 7.0.0-rc14 does not know: without one the
   * QR silently dies. Once the phone works with the present secret it must stay.
   */
  #renewSecret(): void {
    const { store } = this.#deps
    if (store.linked || this.#hellos.size > 0 || this.passkey.current !== null) return
    store.credentials.advSecretKey = randomBytes(SECRET_BYTES).toString('base64')
    store.saveCredentials()
    this.#series.renew()
  }

  /**
   * The phone's answer to a pairing code may come twice. Baileys 7.0.0-rc14 would answer the second with another secret, and
   * the link that is signed with the first one is void; without content it is acknowledged alone. So is an answer during a
   * passkey ceremony, whose secret must stay.
   */
  #receiveHello(stanza: BinaryNode): void {
    const { store, events } = this.#deps
    const child = getBinaryNodeChild(stanza, 'link_code_companion_reg')
    if (store.linked || child === undefined) return
    const hello = digestOf(child)
    // A phone that waits for a passkey, or was given a wrong code, leaves its key out. Baileys can do nothing with it.
    if (hello === null) return events.codeEntered()
    if (this.passkey.current !== null || this.#hellos.has(hello)) {
      // Of the stanza itself Baileys remembers the children.
      child.content = []
      return
    }
    this.#remember(hello)
    this.#secretBefore ??= store.credentials.advSecretKey
    events.codeEntered()
  }

  #remember(hello: string): void {
    const [oldest] = this.#hellos
    if (oldest !== undefined && this.#hellos.size >= MOST_HELLOS) this.#hellos.delete(oldest)
    this.#hellos.add(hello)
  }
}

/** `null` where the phone's key is not in it. */
function digestOf({ content: parts }: BinaryNode): string | null {
  if (!Array.isArray(parts) || !parts.some(({ tag }) => tag === PHONE_KEY)) return null
  const digest = createHash('sha256')
  for (const { tag, content } of parts)
    digest.update(tag).update(content instanceof Uint8Array ? content : '')
  return digest.digest('base64')
}

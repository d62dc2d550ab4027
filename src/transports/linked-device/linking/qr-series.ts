import {
  type BinaryNode,
  buildPairingQRData,
  DEFAULT_CONNECTION_CONFIG,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { TransportQr } from '../../../protocol/account/account.ts'
import { TimerSet } from '../../../timing/timer-set.ts'
import type { CredentialStore } from '../signal/credential-store.ts'

const FIRST_QR_MS = 60_000
const NEXT_QR_MS = 20_000

export interface QrSeriesInput {
  store: Pick<CredentialStore, 'credentials'>
  /** How long each lives, instead of 60 s and then 20 s. */
  lifetimeMs: number | undefined
  now: () => number
  offered(offer: TransportQr): void
  /** The last one has expired. */
  expired(): void
}

/**
 * The QRs of one socket, one after the other. Baileys 7.0.0-rc14 ends the socket when its own have expired, also in the
 * middle of a passkey ceremony and under a pairing code that lives longer: it gets no clock (`socket-options.ts`).
 */
export class QrSeries {
  readonly #input: QrSeriesInput
  readonly #timers = new TimerSet<'next'>()
  #refs: string[] = []
  #shown: string | null = null
  #sequence = 0
  #expiresAt = 0
  #isStopped = false

  constructor(input: QrSeriesInput) {
    this.#input = input
  }

  listen(ws: WASocket['ws']): void {
    ws.on('CB:iq,type:set,pair-device', (stanza: BinaryNode) => {
      if (this.#isStopped) return
      this.#refs = readRefs(stanza)
      this.#next()
    })
  }

  /** Shows the QR on display once more, with the secret that is in force now. */
  renew(): void {
    if (this.#shown !== null) this.#show(this.#shown)
  }

  /** No QR any more, and no timer. Idempotent. */
  stop(): void {
    this.#isStopped = true
    this.#shown = null
    this.#timers.clear()
  }

  #next(): void {
    const { lifetimeMs, now, expired } = this.#input
    const ref = this.#refs.shift()
    if (ref === undefined) {
      this.stop()
      return expired()
    }
    this.#sequence += 1
    const liveMs = lifetimeMs ?? (this.#sequence === 1 ? FIRST_QR_MS : NEXT_QR_MS)
    this.#expiresAt = now() + liveMs
    this.#timers.set('next', liveMs, () => this.#next())
    this.#show(ref)
  }

  #show(ref: string): void {
    this.#shown = ref
    const { noiseKey, signedIdentityKey, advSecretKey } = this.#input.store.credentials
    const base64 = (key: Uint8Array): string => Buffer.from(key).toString('base64')
    this.#input.offered({
      method: 'qr',
      qr: buildPairingQRData(
        ref,
        base64(noiseKey.public),
        base64(signedIdentityKey.public),
        advSecretKey,
        DEFAULT_CONNECTION_CONFIG.browser,
      ),
      sequence: this.#sequence,
      remaining: this.#refs.length,
      expiresAt: new Date(this.#expiresAt).toISOString(),
    })
  }
}

function readRefs(stanza: BinaryNode): string[] {
  return getBinaryNodeChildren(getBinaryNodeChild(stanza, 'pair-device'), 'ref').flatMap(({ content }) =>
    content instanceof Uint8Array ? [Buffer.from(content).toString('utf8')] : [],
  )
}

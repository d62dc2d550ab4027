import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { TransportQr } from '../../../protocol/account/account.ts'
import { answerRegistrationRefresh, type RegistrationRefresh } from './registration-refresh.ts'

const FIRST_QR_MS = 60_000
const NEXT_QR_MS = 20_000

export interface QrSeriesInput {
  /** How long each lives, instead of 60 s and then 20 s. */
  lifetimeMs: number | undefined
  now: () => number
  /** `attemptEndsAt`: when the last QR of the socket expires, and a pairing code with it. ISO 8601. */
  offered(offer: TransportQr, attemptEndsAt: string): void
}

/** The QRs of one socket, one after the other, with the pairing secret that WhatsApp wants in them. */
export class QrSeries {
  readonly #input: QrSeriesInput
  #sequence = 0
  #total = 0
  #expiresAt = 0
  #refresh: RegistrationRefresh | null = null
  #onDisplay: string | null = null

  constructor(input: QrSeriesInput) {
    this.#input = input
  }

  listen(baileys: WASocket): void {
    baileys.ev.on('connection.update', ({ qr }) => {
      if (qr !== undefined) this.#next(qr)
    })
    baileys.ws.on('CB:iq,type:set,pair-device', (node: BinaryNode) => {
      this.#total = getBinaryNodeChildren(getBinaryNodeChild(node, 'pair-device'), 'ref').length
    })
    baileys.ws.on('CB:notification,type:companion_reg_refresh', () => {
      this.#refresh = answerRegistrationRefresh(baileys, this.#onDisplay)
      if (this.#refresh.qr !== null) this.#show(this.#refresh.qr)
    })
  }

  #next(qr: string): void {
    const { lifetimeMs, now } = this.#input
    this.#sequence += 1
    this.#expiresAt = now() + (lifetimeMs ?? (this.#sequence === 1 ? FIRST_QR_MS : NEXT_QR_MS))
    this.#show(this.#refresh === null ? qr : this.#refresh.patch(qr))
  }

  #show(qr: string): void {
    this.#onDisplay = qr
    const remaining = Math.max(this.#total - this.#sequence, 0)
    const attemptEndsAt = this.#expiresAt + remaining * (this.#input.lifetimeMs ?? NEXT_QR_MS)
    const expiresAt = new Date(this.#expiresAt).toISOString()
    const offer: TransportQr = { method: 'qr', qr, sequence: this.#sequence, remaining, expiresAt }
    this.#input.offered(offer, new Date(attemptEndsAt).toISOString())
  }
}

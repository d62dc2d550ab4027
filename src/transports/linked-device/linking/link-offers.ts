import type { TransportOffer, TransportQr } from '../../../protocol/account/account.ts'
import { TimerSet } from '../../../timing/timer-set.ts'
import type { LinkRequest } from '../../link.ts'
import { EndedByUs } from '../life/close-reasons.ts'
import type { LinkSocket } from '../socket/link-socket.ts'

/** WhatsApp's, from the making of the code; it outlives the QRs of its socket. */
const PAIRING_CODE_MS = 180_000
/** From the phone's answer to a pairing code to the link. */
const FINISH_MS = 120_000

export interface LinkOffersDependencies {
  now: () => number
  offered(offer: TransportOffer): void
}

/**
 * The QR or pairing code on offer, and its end. In code mode the first QR is the sign that WhatsApp is ready to be asked for
 * a code; it is asked once.
 */
export class LinkOffers {
  readonly #deps: LinkOffersDependencies
  readonly #timers = new TimerSet<'code'>()
  #current: TransportOffer | null = null
  #codeAsked: LinkSocket | null = null
  /** Milliseconds since the epoch. */
  #codeExpiresAt = 0

  constructor(deps: LinkOffersDependencies) {
    this.#deps = deps
  }

  get current(): TransportOffer | null {
    return this.#current
  }

  /** Nothing is on offer any more. */
  clear(): void {
    this.#current = null
    this.#codeAsked = null
    this.#timers.clear()
  }

  /** A QR that a socket got. */
  qr(offer: TransportQr, request: LinkRequest | null, socket: LinkSocket | null): void {
    if (request === null || socket === null) return
    if (request.method === 'qr') return this.#offer(offer)
    if (this.#codeAsked === socket || request.phoneNumber === null) return
    this.#codeAsked = socket
    void this.#askForCode(socket, request.phoneNumber)
  }

  /** The QRs of a socket have expired, which says nothing about a pairing code. */
  qrsExpired(request: LinkRequest | null, socket: LinkSocket | null): void {
    if (request?.method === 'qr' && socket !== null) expire(socket)
  }

  /** The phone has the code, and may take its time. */
  codeEntered(socket: LinkSocket | null): void {
    if (socket === null || this.#codeAsked !== socket) return
    const leftMs = this.#codeExpiresAt - this.#deps.now()
    this.#expireAfter(Math.max(leftMs, FINISH_MS), socket)
  }

  async #askForCode(socket: LinkSocket, phoneNumber: string): Promise<void> {
    this.#codeExpiresAt = this.#deps.now() + PAIRING_CODE_MS
    const expiresAt = new Date(this.#codeExpiresAt).toISOString()
    try {
      const code = await socket.baileys.requestPairingCode(phoneNumber.replace(/\D/g, ''))
      if (this.#codeAsked !== socket) return
      this.#expireAfter(PAIRING_CODE_MS, socket)
      this.#offer({ method: 'code', code, phoneNumber, expiresAt })
    } catch {
      // The socket went down under the request: its end is reported by itself.
      if (this.#codeAsked === socket) this.#codeAsked = null
    }
  }

  #expireAfter(milliseconds: number, socket: LinkSocket): void {
    this.#timers.set('code', milliseconds, () => expire(socket))
  }

  #offer(offer: TransportOffer): void {
    this.#current = offer
    this.#deps.offered(offer)
  }
}

function expire(socket: LinkSocket): void {
  void socket.end(new EndedByUs('link_expired'))
}

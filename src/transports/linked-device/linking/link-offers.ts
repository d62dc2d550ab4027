import type { TransportOffer, TransportQr } from '../../../protocol/account/account.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { LinkRequest } from '../../link.ts'
import type { LinkSocket } from '../socket/link-socket.ts'

export interface LinkOffersEvents {
  offered(offer: TransportOffer): void
  refused(reason: ReasonCode): void
}

/**
 * The QR or pairing code on offer. In code mode the first QR is the sign that WhatsApp is ready to be asked for a
 * code; it is asked once.
 */
export class LinkOffers {
  readonly #events: LinkOffersEvents
  #current: TransportOffer | null = null
  #codeAsked: LinkSocket | null = null

  constructor(events: LinkOffersEvents) {
    this.#events = events
  }

  get current(): TransportOffer | null {
    return this.#current
  }

  clear(): void {
    this.#current = null
  }

  /** A QR that a socket got. `attemptEndsAt` is when a pairing code of the same socket expires. */
  qr(
    offer: TransportQr,
    attemptEndsAt: string,
    request: LinkRequest | null,
    socket: LinkSocket | null,
  ): void {
    if (request === null || socket === null) return
    if (request.method === 'qr') return this.#offer(offer)
    if (this.#codeAsked === socket || request.phoneNumber === null) return
    this.#codeAsked = socket
    void this.#askForCode(socket, request.phoneNumber, attemptEndsAt)
  }

  async #askForCode(socket: LinkSocket, phoneNumber: string, expiresAt: string): Promise<void> {
    try {
      const code = await socket.baileys.requestPairingCode(phoneNumber.replace(/\D/g, ''))
      if (this.#codeAsked === socket) this.#offer({ method: 'code', code, phoneNumber, expiresAt })
    } catch {
      // The socket went down under the request: its end is reported by itself.
      if (this.#codeAsked === socket) this.#codeAsked = null
    }
  }

  #offer(offer: TransportOffer): void {
    this.#current = offer
    this.#events.offered(offer)
  }
}

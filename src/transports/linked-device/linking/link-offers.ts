import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { LinkRequest } from '../life/link-machine.ts'
import type { LinkSocket, LinkSocketEvents } from '../socket/link-socket.ts'

/** A live way to link; times in milliseconds since the epoch. Secret. */
export type LinkOfferDraft =
  | { method: 'qr'; qr: string; sequence: number; remaining: number; expiresAt: number }
  | { method: 'code'; code: string; phoneNumber: string; expiresAt: number }

type Qr = Parameters<LinkSocketEvents['qr']>[0]

export interface LinkOffersEvents {
  offered(offer: LinkOfferDraft): void
  refused(reason: ReasonCode): void
}

/**
 * The QR or pairing code on offer. In code mode the first QR is the sign that WhatsApp is ready to be asked for a
 * code; it is asked once.
 */
export class LinkOffers {
  readonly #events: LinkOffersEvents
  #current: LinkOfferDraft | null = null
  #codeAsked: LinkSocket | null = null

  constructor(events: LinkOffersEvents) {
    this.#events = events
  }

  get current(): LinkOfferDraft | null {
    return this.#current
  }

  clear(): void {
    this.#current = null
  }

  qr(offer: Qr, request: LinkRequest | null, socket: LinkSocket | null): void {
    if (request === null || socket === null) return
    if (request.method === 'qr') {
      const { qr, sequence, remaining, expiresAt } = offer
      this.#offer({ method: 'qr', qr, sequence, remaining, expiresAt })
      return
    }
    if (this.#codeAsked === socket || request.phoneNumber === null) return
    this.#codeAsked = socket
    void this.#askForCode(socket, request.phoneNumber, offer)
  }

  async #askForCode(socket: LinkSocket, phoneNumber: string, { attemptEndsAt }: Qr): Promise<void> {
    try {
      const code = await socket.baileys.requestPairingCode(phoneNumber.replace(/\D/g, ''))
      if (this.#codeAsked === socket)
        this.#offer({ method: 'code', code, phoneNumber, expiresAt: attemptEndsAt })
    } catch {
      // The socket went down under the request: its end is reported by itself.
      if (this.#codeAsked === socket) this.#codeAsked = null
    }
  }

  #offer(offer: LinkOfferDraft): void {
    this.#current = offer
    this.#events.offered(offer)
  }
}

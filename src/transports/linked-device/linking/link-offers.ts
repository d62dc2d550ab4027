import type { TransportOffer, TransportQr } from '../../../protocol/account/account.ts'
import type { PasskeyCeremony } from '../../../protocol/account/passkey.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { TimerSet } from '../../../timing/timer-set.ts'
import type { LinkRequest } from '../../link.ts'
import { EndedByUs } from '../life/close-reasons.ts'
import type { LinkSocket } from '../socket/link-socket.ts'
import type { PasskeyLink } from './passkey/passkey-link.ts'

/** WhatsApp's, from the making of the code; it outlives the QRs of its socket. */
const PAIRING_CODE_MS = 180_000
/** From the phone's answer to a pairing code to the link. */
const FINISH_MS = 120_000

export interface LinkOffersDependencies {
  now: () => number
  /** The attempt under way: what was asked for, and its socket. */
  attempt(): { request: LinkRequest | null; socket: LinkSocket | null }
  offered(offer: TransportOffer): void
}

/**
 * What a person can link with now: the QR or pairing code on offer, and its end, and the passkey ceremony. In code mode the first QR is the sign that WhatsApp is ready to be asked for
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

  /** The live passkey ceremony. Secret. */
  get passkey(): PasskeyCeremony | null {
    return this.#deps.attempt().socket?.registration.passkey.current ?? null
  }

  /** What answers it. Throws `DaemonError` while no device is being linked. */
  get passkeyLink(): PasskeyLink {
    const { socket } = this.#deps.attempt()
    if (socket !== null) return socket.registration.passkey
    throw new DaemonError('passkey_not_expected', {
      message: 'No device is being linked now.',
      action: 'Link again, and answer what is asked then.',
    })
  }

  /** Nothing is on offer any more. */
  clear(): void {
    this.#current = null
    this.#codeAsked = null
    this.#timers.clear()
  }

  /** A QR that the socket got. */
  qr(offer: TransportQr): void {
    const { request, socket } = this.#deps.attempt()
    if (request === null || socket === null) return
    if (request.method === 'qr') return this.#offer(offer)
    if (this.#codeAsked === socket || request.phoneNumber === null) return
    this.#codeAsked = socket
    void this.#askForCode(socket, request.phoneNumber)
  }

  /** The QRs of the socket have expired, which says nothing about a pairing code. */
  qrsExpired(): void {
    const { request, socket } = this.#deps.attempt()
    if (request?.method === 'qr' && socket !== null) expire(socket)
  }

  /** The phone has the code, and may take its time. */
  codeEntered(): void {
    const { socket } = this.#deps.attempt()
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

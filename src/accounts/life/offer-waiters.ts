import type { LinkOffer } from '../../protocol/account/account.ts'
import { DaemonError } from '../../protocol/errors.ts'

/** Longer than the deadline for the first QR, so that the reason arrives before the wait ends. */
const OFFER_TIMEOUT_MS = 45_000

interface Waiter {
  resolve(offer: LinkOffer): void
  reject(error: Error): void
}

/** Callers of `link` that wait for the first QR or code of an attempt. */
export class OfferWaiters {
  readonly #waiters = new Set<Waiter>()

  wait(): Promise<LinkOffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        reject(new DaemonError('link_failed', { message: 'WhatsApp gave no QR or pairing code in time.' }))
      }, OFFER_TIMEOUT_MS)
      const waiter: Waiter = {
        resolve: (offer) => {
          clearTimeout(timer)
          resolve(offer)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      }
      this.#waiters.add(waiter)
    })
  }

  resolve(offer: LinkOffer): void {
    for (const waiter of this.#takeAll()) waiter.resolve(offer)
  }

  reject(error: Error): void {
    for (const waiter of this.#takeAll()) waiter.reject(error)
  }

  #takeAll(): Waiter[] {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    return waiters
  }
}

import type { Registration } from './registration.ts'

/** The clients that wait for a phone to link them. */
export class PendingLinks {
  readonly #open = new Set<Registration>()

  add(registration: Registration): void {
    this.#open.add(registration)
  }

  remove(registration: Registration): void {
    this.#open.delete(registration)
  }

  /** The client that shows a QR code with `ref`. Throws when there is none, or its code has expired. */
  byRef(ref: string): Registration {
    for (const registration of this.#open) if (registration.honours(ref)) return registration
    throw new Error('this code is unknown or has expired')
  }

  isAsking(user: string): boolean {
    return [...this.#open].some((registration) => registration.codeRequest?.user === user)
  }

  /** The client that asked last to be linked to this account by code. Throws when none is waiting. */
  byAccount(user: string): Registration {
    const asking = [...this.#open].filter((registration) => registration.codeRequest?.user === user)
    const latest = asking.at(-1)
    if (latest === undefined) throw new Error('no device asks to be linked to this number by code')
    return latest
  }
}

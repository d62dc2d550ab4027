import type { Account } from '../account.ts'
import type { Environment } from '../environment.ts'

const MOST_TICKETS = 1_000

/** The linked device that a ticket is for. */
export interface TicketHolder {
  account: Account
  readonly isRemoved: boolean
}

interface Ticket {
  holder: TicketHolder
  expiresAtMs: number
}

/** What lets a client upload for a while: the `auth` of `media_conn`. */
export class MediaTickets {
  readonly #environment: Pick<Environment, 'now' | 'random' | 'habits'>
  readonly #tickets = new Map<string, Ticket>()

  constructor(environment: Pick<Environment, 'now' | 'random' | 'habits'>) {
    this.#environment = environment
  }

  issue(holder: TicketHolder): string {
    const { now, random, habits } = this.#environment
    const auth = random(48).toString('base64')
    this.#tickets.set(auth, { holder, expiresAtMs: now() + habits.mediaConnSeconds * 1_000 })
    if (this.#tickets.size > MOST_TICKETS) this.#tickets.delete(this.#tickets.keys().next().value ?? '')
    return auth
  }

  /**
   * Whose ticket it is, or how an upload with it is refused: 401 for one that is over, 403 for one that never was, or whose device was
   * unlinked.
   */
  check(auth: string | null): { account: Account } | { status: 401 | 403 } {
    const ticket = this.#tickets.get(auth ?? '')
    if (ticket === undefined || ticket.holder.isRemoved) return { status: 403 }
    if (ticket.expiresAtMs <= this.#environment.now()) return { status: 401 }
    return { account: ticket.holder.account }
  }

  /** Ends all of them: clients must ask anew. */
  expire(): void {
    for (const ticket of this.#tickets.values()) ticket.expiresAtMs = 0
  }
}

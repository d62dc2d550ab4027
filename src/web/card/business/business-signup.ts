import type { MethodParams } from '../../../protocol/methods.ts'

/** What the sign-up of Meta brought, with the token that the page's server exchanged its code for. */
export type SignupResult = Omit<MethodParams<'accounts.connectBusiness'>, 'account'>

/** What a page is given when a person wants to connect a Business number: `detail` of the event `whatsapp-business-signup`. */
export interface BusinessSignup {
  /** The id of the account that gets the number. */
  account: string
  /**
   * Hands over the result; the card shows each step. Resolves when the daemon has taken it, rejects with the daemon's error, which the card
   * shows too. Nothing of it stays in the card.
   */
  connect(result: SignupResult): Promise<void>
  /** The sign-up was not finished: Meta's `data` of the event `CANCEL`, or a sentence. */
  cancel(reason?: string | Readonly<Record<string, unknown>>): void
}

/** How far a sign-up is: `isWaiting` for the page, or where the person stopped, and what Meta said; `null` where nobody knows. */
export interface SignupStop {
  isWaiting: boolean
  /** Meta's `current_step`. */
  step: string | null
  message: string | null
}

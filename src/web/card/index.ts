import type { WhatsappCard as Card } from './whatsapp-card.ts'
import { WhatsappCardElement } from './whatsapp-card-element.ts'

const NAME = 'whatsapp-card'

// The card may be loaded twice, from two bundles, or on a server, which has no element registry.
if (globalThis.customElements?.get(NAME) === undefined)
  globalThis.customElements?.define(NAME, WhatsappCardElement)

export type WhatsappCard = Card

/** The element's class, typed as the browser's own elements are, without Lit's members. */
export const WhatsappCard: { new (): Card; prototype: Card } = WhatsappCardElement

export type { CardToken } from './whatsapp-card.ts'
export type { BusinessSignup, SignupResult } from './business/business-signup.ts'
export type { CardStrings, CardText } from './text/card-texts.ts'

declare global {
  interface HTMLElementTagNameMap {
    'whatsapp-card': Card
  }
}

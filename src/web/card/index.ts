import type { WhatsappCard as Card } from './whatsapp-card.ts'
import { WhatsappCardElement } from './whatsapp-card-element.ts'

const NAME = 'whatsapp-card'

// Loading the card twice, from two bundles, or on a server, which knows no elements, is harmless.
if (globalThis.customElements?.get(NAME) === undefined)
  globalThis.customElements?.define(NAME, WhatsappCardElement)

export type WhatsappCard = Card

/** The class of the element, as the browser's own are declared: its parts are no business of the page. */
export const WhatsappCard: { new (): Card; prototype: Card } = WhatsappCardElement

export type { CardToken } from './whatsapp-card.ts'
export type { CardStrings, CardText } from './text/card-texts.ts'

declare global {
  interface HTMLElementTagNameMap {
    'whatsapp-card': Card
  }
}

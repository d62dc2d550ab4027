import { WhatsappCard } from './whatsapp-card.ts'

const NAME = 'whatsapp-card'

// Loading the card twice, from two bundles, or on a server, which knows no elements, is harmless.
if (globalThis.customElements?.get(NAME) === undefined) globalThis.customElements?.define(NAME, WhatsappCard)

export { WhatsappCard }
export type { CardToken } from './whatsapp-card.ts'
export type { CardStrings } from './text/words.ts'
export type { CardText } from './text/card-texts.ts'

declare global {
  interface HTMLElementTagNameMap {
    'whatsapp-card': WhatsappCard
  }
}

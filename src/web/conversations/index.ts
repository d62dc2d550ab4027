import type { WhatsappConversations as Conversations } from './whatsapp-conversations.ts'
import { WhatsappConversationsElement } from './whatsapp-conversations-element.ts'

const NAME = 'whatsapp-conversations'

// It may be loaded twice, from two bundles, or on a server, which has no element registry.
if (globalThis.customElements?.get(NAME) === undefined)
  globalThis.customElements?.define(NAME, WhatsappConversationsElement)

export type WhatsappConversations = Conversations

/** The element's class, typed as the browser's own elements are, without Lit's members. */
export const WhatsappConversations: { new (): Conversations; prototype: Conversations } =
  WhatsappConversationsElement

export type { CardToken } from '../card/whatsapp-card.ts'
export type { ConversationsStrings, ConversationsText } from './text/conversations-texts.ts'

declare global {
  interface HTMLElementTagNameMap {
    'whatsapp-conversations': Conversations
  }
}

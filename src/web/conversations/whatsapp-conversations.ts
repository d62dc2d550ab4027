import type { CardToken } from '../card/whatsapp-card.ts'
import type { ConversationsStrings } from './text/conversations-texts.ts'

/**
 * The conversations of the WhatsApp accounts of one daemon: list and thread, live, with search, replies, and taking over from the
 * assistant. Set `url` (the control plane, `ws://…/v1/ws`) and `token` as properties. What it offers is what the token may:
 * `conversations` to read, `send` to write. Fires `whatsapp-conversations-unauthorized` when the token is refused, and
 * `whatsapp-conversations-open` when a person opens or leaves a conversation (`detail`: `account`, `conversationId`, or `null` for none).
 */
export interface WhatsappConversations extends HTMLElement {
  /** Of the control plane, such as `wss://sandbox.example/v1/ws`. Also an attribute. */
  url: string | null
  /** Never an attribute: attributes end up in page sources and error reports. */
  token: CardToken | null
  /** The account whose conversations are shown; without it the person chooses, where there are several. Also an attribute. */
  account: string | null
  /** The conversation to open, as `conversationId`; it stays what the page set, whatever the person opens. Also an attribute. */
  conversation: string | null
  /** Whether its user has no shell in the sandbox: no command or setting is advised then. Also an attribute. */
  hosted: boolean
  /** Translations, by the English text or by a code of the daemon (`<code>`, `<code>.action`). */
  strings: ConversationsStrings | null
}

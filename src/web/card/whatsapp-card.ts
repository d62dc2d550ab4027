import type { CardStrings } from './text/card-texts.ts'

/** What the card needs to talk to the daemon: a token, or a function that fetches one whenever one is needed. */
export type CardToken = string | (() => string | Promise<string>)

/**
 * The integration card of the WhatsApp accounts of one daemon: link, state, allowed numbers, settings, problems. Set `url`
 * (the control plane, `ws://…/v1/ws`) and `token` as properties. Fires `whatsapp-card-unauthorized` when the token is
 * refused, and `whatsapp-card-change` whenever an account or the connection changes (`detail`: `connection`, `accounts`).
 */
export interface WhatsappCard extends HTMLElement {
  /** Of the control plane, such as `wss://sandbox.example/v1/ws`. Also an attribute. */
  url: string | null
  /** Never an attribute: attributes end up in page sources and error reports. */
  token: CardToken | null
  /** The account that the card is about; without it all of them, one shown in full. Also an attribute. */
  account: string | null
  /** Whether its user has no shell in the sandbox: no command or setting is advised then. Also an attribute. */
  hosted: boolean
  /**
   * Whether the page runs Meta's sign-up for people who want to connect a Business number: the card then has a button, which fires
   * `whatsapp-business-signup` (`detail`: `BusinessSignup`). Also an attribute, `business-signup`.
   */
  businessSignup: boolean
  /** Translations, by the card's English text or by a code of the daemon (`<code>`, `<code>.action`). */
  strings: CardStrings | null
}

/**
 * The longest texts that are taken from outside and kept, in UTF-16 code units. A text that is longer is cut; an id or an
 * address that is longer is refused, because its beginning would name something else.
 */
export const TEXT_LIMITS = {
  /** Of an account, an agent, a sender, a profile. */
  name: 100,
  /** Of a message, a person or a chat, as WhatsApp writes it. */
  identifier: 192,
  /** One emoji, of however many parts. */
  emoji: 64,
  /** WhatsApp itself allows 65,536 characters. */
  message: 70_000,
  /** A sentence for a person: why something is as it is. */
  sentence: 1_000,
} as const

/** One piece of what a message says. Media are further members: a kind each, with a reference to the file. */
export type ContentPart = TextPart

interface TextPart {
  kind: 'text'
  text: string
}

/** What arrives. Ids are WhatsApp's. */
export type IncomingContent =
  | { kind: 'message'; parts: readonly ContentPart[]; quoted: QuotedMessage | null }
  /** An empty `emoji` takes the reaction back. */
  | { kind: 'reaction'; emoji: string; targetId: string }
  /** The sender's own message says something else now. */
  | { kind: 'edit'; parts: readonly ContentPart[]; targetId: string }
  /** The sender's own message is taken back. */
  | { kind: 'revoke'; targetId: string }
  /** Something that cannot be read yet (a poll, a contact, …); `what` names it. */
  | { kind: 'unsupported'; what: string }

export interface QuotedMessage {
  id: string
  /** `null` where the quote carries none. */
  text: string | null
}

/** The words of a message, without its other parts; empty where it has none. */
export function textOf(parts: readonly ContentPart[]): string {
  return parts
    .filter(({ kind }) => kind === 'text')
    .map(({ text }) => text)
    .join('\n')
}

/** A message that is nothing but words. */
export function textParts(text: string): readonly ContentPart[] {
  return [{ kind: 'text', text }]
}

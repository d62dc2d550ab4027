/** One piece of what a message says. */
export type ContentPart = TextPart | AttachmentPart

interface TextPart {
  kind: 'text'
  text: string
}

/** A file that came with a message, which nobody here can open yet. */
interface AttachmentPart {
  kind: 'attachment'
  /** What it is, in words and in brackets: `[voice message, 12 seconds]`. */
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
  /** Something of which nothing can be said (a payment, a message that is shown once, …); `what` names it. */
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

/** The words of a message, and what its other parts are. */
export function shownText(parts: readonly ContentPart[]): string {
  return parts.map(({ text }) => text).join('\n')
}

/** A message that is nothing but words. */
export function textParts(text: string): readonly ContentPart[] {
  return [{ kind: 'text', text }]
}

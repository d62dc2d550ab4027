import type { MessageDetail } from '../protocol/agent/message-detail.ts'

/** One piece of what a message says. */
export type ContentPart = TextPart | AttachmentPart

interface TextPart {
  kind: 'text'
  text: string
  /** The same in fields, where it is more than words: places, contacts, polls, what was chosen from a list. */
  details?: readonly MessageDetail[] | undefined
}

/** A file that came with a message. */
interface AttachmentPart {
  kind: 'attachment'
  /** What it is, in words and in brackets: `[voice message, 12 seconds]`. */
  text: string
  /** Absent in what earlier versions stored. */
  file?: FileDescription | undefined
  /** Absent where the message does not say enough to fetch it. */
  media?: RemoteMedia | undefined
}

/** Where a messenger keeps a file, and what opens it: a secret, which only the transport that made it reads. */
export interface RemoteMedia {
  /** JSON, at most 4,096 characters. */
  source: string
}

/** What a message says of a file that came with it; nothing of it is proven. */
export interface FileDescription {
  kind: 'image' | 'audio' | 'video' | 'document' | 'other'
  /** In words: `voice message, 12 seconds`. */
  what: string
  name: string | null
  mimeType: string | null
  /** In bytes. */
  size: number | null
  /** Its sender lets it be seen once. */
  isViewOnce?: true | undefined
}

/** The `what` of an unsupported message that is shown once: its content is kept from linked devices. */
export const VIEW_ONCE = 'viewOnce'

/** What arrives. Ids are WhatsApp's. */
export type IncomingContent =
  | {
      kind: 'message'
      parts: readonly ContentPart[]
      quoted: QuotedMessage | null
      /** The album that it is a part of. */
      album?: Album | undefined
    }
  /** An empty `emoji` takes the reaction back. */
  | { kind: 'reaction'; emoji: string; targetId: string }
  /** The sender's own message says something else now. */
  | { kind: 'edit'; parts: readonly ContentPart[]; targetId: string }
  /** The sender's own message is taken back. */
  | { kind: 'revoke'; targetId: string }
  /** Something of which nothing can be said (a payment, a message that is shown once, …); `what` names it. */
  | { kind: 'unsupported'; what: string }

/** Pictures and videos that were sent together, each as a message of its own. */
export interface Album {
  /** WhatsApp's id of it. */
  id: string
  /** How many messages it has; `null` where that is not known. */
  size: number | null
}

export interface QuotedMessage {
  id: string
  /** Its words; `null` where the quote carries none. */
  text: string | null
  /** What came with its words, in words of ours: `photo`; `null` for nothing. */
  what?: string | null | undefined
  /** Who wrote it, by the quote's own word: an E.164 number, or an address while none is known; `null` where it does not say. */
  author?: string | null | undefined
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

/** What came with the words of a message, such as `photo`; `null` where there is nothing but words. */
export function whatOf(parts: readonly ContentPart[]): string | null {
  const files = parts.flatMap((part) => (part.kind === 'attachment' && part.file ? [part.file.what] : []))
  return files.join(', ') || null
}

/** A message that is nothing but words. */
export function textParts(text: string): readonly ContentPart[] {
  return [{ kind: 'text', text }]
}

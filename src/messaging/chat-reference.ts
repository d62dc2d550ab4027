/** `self`: the account's own chat with itself. */
export type ChatKind = 'direct' | 'self' | 'group'

/** A chat of one transport, as it came with a message. It may be stored and handed back; both parts are needed for that. */
export interface ChatReference {
  kind: ChatKind
  /** The transport's own name for it. Opaque: only that transport reads it; others may compare it. */
  address: string
}

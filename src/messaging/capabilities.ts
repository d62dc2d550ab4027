type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker'

type LinkingMethod = 'qr' | 'code' | 'passkey' | 'token'

/** What a transport can do. Code that depends on the kind of transport asks for these, never for the transport's name. */
export interface Capabilities {
  /** Who makes the id by which WhatsApp knows a message: `local` (it is our local id) or `server` (it comes with the acknowledgement). */
  remoteIds: 'local' | 'server'
  /**
   * Whether a second send under the same local id never shows twice. Without it a message whose outcome is unknown is sent again
   * only when a person asks for it.
   */
  resend: boolean
  /** Whether WhatsApp may refuse a message that it has acknowledged. */
  failsLater: boolean
  reactions: boolean
  /** Whether a message of ours can be changed, or taken back. */
  edits: boolean
  /** Whether messages of others can be marked as read. */
  receipts: boolean
  typing: boolean
  groups: boolean
  /** What can be sent, and the largest file of each kind in bytes. */
  media: Readonly<Partial<Record<MediaKind, { maxBytes: number }>>>
  /** How long after a person's last message they may be written to freely, in milliseconds; `null` for always. */
  window: number | null
  linking: readonly LinkingMethod[]
}

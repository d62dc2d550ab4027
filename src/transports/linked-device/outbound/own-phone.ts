import { type BinaryNode, jidDecode } from '@whiskeysockets/baileys'

/**
 * Whether a stanza was written by the account's own phone, its device 0: a message typed there, or the receipt of a copy of what we
 * sent. Other linked devices, and the server, say nothing of the phone. (whatsmeow `types/presence.go`: a receipt of type
 * `sender` comes from one's other devices.)
 */
export function isFromOwnPhone(
  { attrs }: BinaryNode,
  me: { id: string; lid?: string | undefined } | undefined,
): boolean {
  if (me === undefined) return false
  const author = jidDecode(attrs.participant || attrs.from)
  if (author === undefined || (author.device ?? 0) !== 0) return false
  return [me.id, me.lid].some((own) => {
    const decoded = jidDecode(own)
    return decoded !== undefined && decoded.user === author.user && decoded.server === author.server
  })
}

import type { Contact, proto } from '@whiskeysockets/baileys'
import { isOurs } from './owner-stanza.ts'

/** What a message says beside its content: whom it mentions, what it answers, how long it is shown. Every kind may carry it. */
export function contextOf(body: proto.IMessage): proto.IContextInfo | null {
  for (const content of Object.values(body) as unknown[]) {
    if (typeof content !== 'object' || content === null || !Object.hasOwn(content, 'contextInfo')) continue
    const { contextInfo } = content as { contextInfo?: proto.IContextInfo | null }
    if (contextInfo) return contextInfo
  }
  return null
}

/** Whether the account is named, by number or LID, or one of its messages is answered. */
export function addresses(context: proto.IContextInfo | null, me: Contact): boolean {
  if (context === null) return false
  const { stanzaId, participant, mentionedJid } = context
  const answersUs = Boolean(stanzaId) && Boolean(participant) && isOurs(participant ?? '', me)
  return answersUs || (mentionedJid ?? []).some((jid) => isOurs(jid, me))
}

import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { LinkSocket } from '../socket/link-socket.ts'

/** Whether WhatsApp answers at all: an active ping, true when it came back within `timeoutMs`. */
export async function probe(socket: LinkSocket, timeoutMs: number): Promise<boolean> {
  try {
    const answer: unknown = await socket.baileys.query(
      {
        tag: 'iq',
        attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' },
        content: [{ tag: 'ping', attrs: {} }],
      },
      timeoutMs,
    )
    return answer !== undefined
  } catch {
    return false
  }
}

import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys'

const ANSWER_TIMEOUT_MS = 5_000

/**
 * Removes this device from the phone's list. True when WhatsApp confirmed, by its answer or by ending the stream as
 * it does for a removed device. Baileys' own `logout` does not wait for either.
 */
export async function unlinkOnServer(socket: WASocket): Promise<boolean> {
  const jid = socket.authState.creds.me?.id
  if (jid === undefined) return false
  const ended = new Promise<boolean>((resolve) => {
    socket.ws.on('CB:stream:error,,conflict', () => resolve(true))
  })
  const answered = socket
    .query(
      {
        tag: 'iq',
        attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' },
        content: [{ tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } }],
      },
      ANSWER_TIMEOUT_MS,
    )
    .then((answer: unknown) => answer !== undefined)
    // The stream may end before the answer; then `ended` tells.
    .catch(() => Promise.race([ended, Promise.resolve(false)]))
  return Promise.race([answered, ended])
}

import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys'
import { withDeadline } from '../../../timing/deadline.ts'
import { untilAborted } from '../../../timing/until-aborted.ts'

/**
 * Whether WhatsApp answers a ping over this link within `limitMs` milliseconds, also by an error; `false` where the link has ended.
 * The ping is that of Baileys' own keep-alive. Rejects with the reason of the signal.
 */
export async function linkAnswers(
  socket: Pick<WASocket, 'query'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const ping = {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' },
    content: [{ tag: 'ping', attrs: {} }],
  }
  // Baileys resolves with nothing when no answer came in time.
  const answered = socket.query(ping, limitMs).then((answer: unknown) => answer !== undefined, isErrorAnswer)
  return await untilAborted(
    withDeadline(answered, limitMs, () => false),
    signal,
  )
}

/** Baileys rejects with the code of the server's error as data; without an answer there is none. */
function isErrorAnswer(error: unknown): boolean {
  return error instanceof Error && 'data' in error && typeof error.data === 'number'
}

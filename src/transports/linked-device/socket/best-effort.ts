import type { WASocket } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import type { LinkSocket } from './link-socket.ts'

/** Does what nobody waits for, when the link is open. Never rejects. */
export async function bestEffort(
  socket: LinkSocket | null,
  logger: Logger,
  work: (baileys: WASocket) => Promise<unknown>,
): Promise<void> {
  if (socket === null) return
  try {
    await work(socket.baileys)
  } catch (error) {
    logger.debug({ err: error }, 'something that WhatsApp need not answer was not sent')
  }
}

import type { Logger } from 'pino'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import type { OutgoingFile } from '../../../messaging/outgoing-message.ts'
import type { LinkSocket } from '../socket/link-socket.ts'
import { UploadRefused } from './upload-file.ts'
import type { Uploads } from './uploads.ts'

/** Why the file of a message does not go out, in words for the person who runs the daemon. */
export const UPLOAD_REFUSALS = {
  file_too_large: 'WhatsApp does not take a file of this size.',
  file_refused: 'WhatsApp refused the file.',
  file_gone: 'The file is not on the disk any more.',
} as const
/** For the largest file on a slow line; it is tried again after that. */
const DEADLINE_MS = 20 * 60_000

/** Uploads the file of a message; `null` when it is done. Never rejects, and never outlives its socket. */
export async function uploadForMessage(
  socket: LinkSocket,
  { localId, file, signal }: { localId: string; file: OutgoingFile; signal: AbortSignal },
  { uploads, logger }: { uploads: Uploads; logger: Logger },
): Promise<Exclude<SendOutcome, { outcome: 'acknowledged' }> | null> {
  const ended = AbortSignal.any([signal, socket.ended, AbortSignal.timeout(DEADLINE_MS)])
  try {
    await uploads.upload(socket.baileys, localId, file, ended)
    return null
  } catch (error) {
    const code = refusalOf(error)
    if (code !== null) return { outcome: 'refused', code, message: UPLOAD_REFUSALS[code] }
    const why = error instanceof Error ? error.message : String(error)
    logger.info({ why }, 'a file could not be uploaded')
    const interrupted = socket.ended.aborted || signal.aborted
    return { outcome: 'unconfirmed', why, nothingLeft: true, interrupted, isNotUploaded: true }
  }
}

function refusalOf(error: unknown): keyof typeof UPLOAD_REFUSALS | null {
  if (error instanceof UploadRefused) return error.code
  // Of the file system, with the path, which is not told.
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall === 'open' && (code === 'ENOENT' || code === 'EACCES') ? 'file_gone' : null
}

import { randomBytes } from 'node:crypto'
import type { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { WASocket } from '@whiskeysockets/baileys'
import type { OutgoingFile } from '../../../messaging/outgoing-message.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import type { UploadedFile } from '../outbound/message-body.ts'
import { encryptFile, type EncryptedFile } from './encrypted-file.ts'
import type { MediaConnection } from './media-connection.ts'
import { MEDIA_TYPES, mediaToken, type MediaType } from './media-keys.ts'
import { postFile } from './post-file.ts'

/** With other servers, a new ticket, and waits between. */
const MAX_ATTEMPTS = 4
const RETRY_DELAY_MS = 1_000
const MEDIA_KEY_BYTES = 32
const MAX_PATH_LENGTH = 2_048
/** The ticket has expired, or is not of this account. */
const WITHOUT_TICKET: ReadonlySet<number> = new Set([401, 403])
/** Of refusals, those that may pass. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

const TYPE_OF_KIND: Readonly<Record<OutgoingFile['kind'], MediaType>> = {
  image: 'image',
  voice: 'audio',
  audio: 'audio',
  video: 'video',
  document: 'document',
  sticker: 'sticker',
}

/** WhatsApp does not take this file, for good. */
export class UploadRefused extends Error {
  readonly code: 'file_too_large' | 'file_refused'

  constructor(code: 'file_too_large' | 'file_refused', status: number) {
    super(`WhatsApp answered with status ${status}`)
    this.code = code
  }
}

export interface UploadDependencies {
  connection: MediaConnection
  agentFor: (url: string) => Agent | undefined
  now: () => number
  /** In milliseconds, longer with each attempt; shorter for tests. */
  retryDelayMs?: number
}

/**
 * Encrypts a file under a new key and puts it on one of WhatsApp's servers, from the disk and in constant memory. Another server is
 * tried when one fails, and a new ticket where one is refused. Rejects with `UploadRefused`, and with what may pass: no connection, a
 * server that fails.
 */
export async function uploadFile(
  socket: Pick<WASocket, 'query'>,
  file: Pick<OutgoingFile, 'kind' | 'path'>,
  signal: AbortSignal,
  deps: UploadDependencies,
): Promise<UploadedFile> {
  const type = TYPE_OF_KIND[file.kind]
  const encrypted = await encryptFile(file.path, type, randomBytes(MEDIA_KEY_BYTES), signal)
  let failure: unknown
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await delay((deps.retryDelayMs ?? RETRY_DELAY_MS) * attempt, undefined, { signal })
    try {
      return await attemptUpload(socket, { type, encrypted, attempt, signal }, deps)
    } catch (error) {
      if (error instanceof UploadRefused || signal.aborted) throw error
      failure = error
    }
  }
  throw failure
}

async function attemptUpload(
  socket: Pick<WASocket, 'query'>,
  upload: { type: MediaType; encrypted: EncryptedFile; attempt: number; signal: AbortSignal },
  { connection, agentFor, now }: UploadDependencies,
): Promise<UploadedFile> {
  const { type, encrypted, attempt, signal } = upload
  const ticket = await connection.ticket(socket)
  signal.throwIfAborted()
  const host = ticket.hosts[attempt % ticket.hosts.length] ?? ''
  const token = mediaToken(encrypted.fileEncSha256)
  const query = new URLSearchParams({ auth: ticket.auth, token })
  const url = connection.servers.urlOf(host, `/mms/${MEDIA_TYPES[type].folder}/${token}?${query}`)
  if (url === null) throw new Error('WhatsApp named a server for files that is none of its own')
  const { status, body } = await postFile(url, encrypted, {
    agent: agentFor(url.href),
    headers: connection.servers.headers,
    signal,
  })
  if (status < 200 || status > 299) {
    if (WITHOUT_TICKET.has(status)) connection.refused(ticket)
    else if (status === 413) throw new UploadRefused('file_too_large', status)
    else if (status >= 400 && status < 500 && !PASSING.has(status))
      throw new UploadRefused('file_refused', status)
    throw new Error(`the server of files answered with status ${status}`)
  }
  const directPath = directPathIn(body)
  // It names where the file lies at any of the servers; a URL of the answer's own is not believed.
  const place = directPath === null ? null : connection.servers.urlOf(host, directPath)
  if (directPath === null || place === null)
    throw new Error('the server of files did not say where the file lies')
  return {
    url: place.href,
    directPath,
    mediaKey: encrypted.mediaKey,
    fileSha256: encrypted.fileSha256,
    fileEncSha256: encrypted.fileEncSha256,
    mediaKeyTimestamp: Math.floor(now() / 1_000),
  }
}

function directPathIn(body: string): string | null {
  try {
    const answer: unknown = JSON.parse(body)
    const path = isRecord(answer) ? answer['direct_path'] : undefined
    return typeof path === 'string' && path.length <= MAX_PATH_LENGTH ? path : null
  } catch {
    return null
  }
}

import type { Agent, IncomingMessage } from 'node:http'
import { open, rename, rm } from 'node:fs/promises'
import { encryptedSize, MediaDamaged, MediaDecryption } from './media-cipher.ts'
import type { MediaSource } from './media-source.ts'
import { requestFile } from './request-file.ts'

export interface DownloadInput {
  url: string
  source: MediaSource
  /** Where the plain file goes; it is there only when this resolved. */
  path: string
  maxBytes: number
  /** Nothing came for so long. */
  idleMs: number
  agent: Agent | undefined
  headers: Readonly<Record<string, string>>
  signal: AbortSignal
}

export type DownloadResult =
  | { result: 'fetched'; size: number; sha256: string }
  /** The server answered with something else. */
  | { result: 'status'; status: number }
  /** It is longer than is taken. */
  | { result: 'too_large' }
  | { result: 'damaged'; why: string }

/**
 * Fetches one file, decrypts and checks it while it comes, and names it `path` when all of it is right and on disk. Redirects are not
 * followed. Rejects with the signal's reason, and with errors of the network and the file system; nothing of the file stays then.
 */
export async function download(input: DownloadInput): Promise<DownloadResult> {
  const part = `${input.path}.part`
  const idle = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const alive = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => idle.abort(new Error('the server of files went silent')), input.idleMs)
  }
  alive()
  const signal = AbortSignal.any([input.signal, idle.signal])
  try {
    const answer = await requestFile(input, signal)
    try {
      return await take(answer, { ...input, signal }, part, alive)
    } finally {
      answer.destroy()
    }
  } catch (error) {
    if (error instanceof MediaDamaged) return { result: 'damaged', why: error.message }
    throw signal.aborted ? (signal.reason as Error) : error
  } finally {
    clearTimeout(timer)
    await rm(part, { force: true })
  }
}

async function take(
  answer: IncomingMessage,
  { source, path, maxBytes, signal }: DownloadInput,
  part: string,
  alive: () => void,
): Promise<DownloadResult> {
  const { statusCode: status = 0, headers } = answer
  if (status !== 200) return { result: 'status', status }
  const most = encryptedSize(maxBytes)
  if (Number(headers['content-length'] ?? 0) > most) return { result: 'too_large' }
  await rm(part, { force: true })
  const file = await open(part, 'wx', 0o600)
  const decryption = new MediaDecryption(source)
  try {
    let received = 0
    for await (const chunk of answer) {
      // Without an encoding a response gives bytes.
      const bytes = chunk as Buffer
      signal.throwIfAborted()
      alive()
      received += bytes.length
      if (received > most) return { result: 'too_large' }
      await file.writeFile(decryption.update(bytes))
    }
    signal.throwIfAborted()
    const { rest, size, sha256 } = endOf(decryption, received, source)
    if (size > maxBytes) return { result: 'too_large' }
    await file.writeFile(rest)
    await file.sync()
    await rename(part, path)
    return { result: 'fetched', size, sha256 }
  } finally {
    await file.close()
  }
}

/** What is damaged and shorter than its message says is not whole: another attempt may get the rest. Throws `MediaDamaged` otherwise. */
function endOf(
  decryption: MediaDecryption,
  received: number,
  { size }: MediaSource,
): ReturnType<MediaDecryption['end']> {
  try {
    return decryption.end()
  } catch (error) {
    if (size === null || received >= encryptedSize(size)) throw error
    throw new Error('the server of files ended early', { cause: error })
  }
}

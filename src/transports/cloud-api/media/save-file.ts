import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

export interface SaveFileInput {
  /** Where the file goes; it is there only when this resolved to `saved`. */
  path: string
  maxBytes: number
  /** Nothing came for so long, in milliseconds. */
  idleMs: number
  signal: AbortSignal
}

export type SavedFile =
  | { result: 'saved'; size: number; sha256: string }
  /** It is longer than is taken. */
  | { result: 'too_large' }

/**
 * Writes the body of an answer to a new private file, and names it `path` when all of it is on disk. Rejects with the signal's reason, and with
 * errors of the network and the file system; nothing of the file stays then.
 */
export async function saveFile(response: Response, input: SaveFileInput): Promise<SavedFile> {
  const { path, maxBytes, signal } = input
  const part = `${path}.part`
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel()
    return { result: 'too_large' }
  }
  try {
    await rm(part, { force: true })
    const file = await open(part, 'wx', 0o600)
    try {
      const hash = createHash('sha256')
      let size = 0
      for await (const bytes of chunksOf(response, input)) {
        size += bytes.length
        if (size > maxBytes) return { result: 'too_large' }
        hash.update(bytes)
        await file.writeFile(bytes)
      }
      signal.throwIfAborted()
      await file.sync()
      await rename(part, path)
      return { result: 'saved', size, sha256: hash.digest('hex') }
    } finally {
      await file.close()
    }
  } finally {
    await rm(part, { force: true })
  }
}

/** Its bytes as they come. Leaving it ends the connection. */
async function* chunksOf(response: Response, { idleMs, signal }: SaveFileInput): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  let timer: NodeJS.Timeout | undefined
  try {
    for (;;) {
      const silent = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error('the server of files went silent')), idleMs)
      })
      const { done, value } = await Promise.race([reader.read(), silent])
      clearTimeout(timer)
      signal.throwIfAborted()
      if (done) return
      yield value
    }
  } finally {
    clearTimeout(timer)
    await reader.cancel().catch(() => undefined)
  }
}

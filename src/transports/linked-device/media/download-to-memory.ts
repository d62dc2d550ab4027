import type { DownloadInput, DownloadResult } from './download.ts'
import { encryptedSize, MediaDamaged, MediaDecryption } from './media-cipher.ts'
import { requestFile } from './request-file.ts'

type Fetched = { result: 'fetched'; bytes: Buffer }

/**
 * As `download`, but into memory: for what may not be on the disk. Rejects with the signal's reason, and with errors of the network.
 */
export async function downloadToMemory(
  input: Omit<DownloadInput, 'path'>,
): Promise<Fetched | Exclude<DownloadResult, { result: 'fetched' }>> {
  const { source, maxBytes, idleMs } = input
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(new Error('the server of files went silent')), idleMs)
  const signal = AbortSignal.any([input.signal, idle.signal])
  try {
    const answer = await requestFile(input, signal)
    try {
      const { statusCode: status = 0 } = answer
      if (status !== 200) return { result: 'status', status }
      const decryption = new MediaDecryption(source)
      const pieces: Buffer[] = []
      let received = 0
      for await (const chunk of answer) {
        // Without an encoding a response gives bytes.
        const bytes = chunk as Buffer
        signal.throwIfAborted()
        timer.refresh()
        received += bytes.length
        if (received > encryptedSize(maxBytes)) return { result: 'too_large' }
        pieces.push(decryption.update(bytes))
      }
      signal.throwIfAborted()
      pieces.push(decryption.end().rest)
      return { result: 'fetched', bytes: Buffer.concat(pieces) }
    } finally {
      answer.destroy()
    }
  } catch (error) {
    if (error instanceof MediaDamaged) return { result: 'damaged', why: error.message }
    throw signal.aborted ? (signal.reason as Error) : error
  } finally {
    clearTimeout(timer)
  }
}

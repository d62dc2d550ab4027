import { openTurnFile } from './open-turn-file.ts'

/** The bytes of a file of a turn; `null` where it is longer than `maxBytes`, changes meanwhile, or cannot be read. Never rejects. */
export async function readTurnFile(path: string, maxBytes: number): Promise<Buffer | null> {
  const begun = await readBeginning(path, maxBytes)
  return begun === null || begun.isCut ? null : begun.bytes
}

/** At most the first `maxBytes` of a file of a turn, and how many it has; `null` where it cannot be read. Never rejects. */
export async function readBeginning(
  path: string,
  maxBytes: number,
): Promise<{ bytes: Buffer; size: number; isCut: boolean } | null> {
  const opened = await openTurnFile(path)
  if (opened === null) return null
  const { file, size } = opened
  try {
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) return null
      length += bytesRead
    }
    return { bytes, size, isCut: size > maxBytes }
  } catch {
    return null
  } finally {
    await file.close().catch(() => undefined)
  }
}

import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { readAt } from '../../storage/files/read-at.ts'
import { MediaError } from './media-error.ts'

const CHUNK_BYTES = 256 * 1_024

/** What is to be copied: how many bytes, and what differs once somebody has written to it. */
export interface InputState {
  size: number
  /** Of bytes in memory nothing: they stay as they are. */
  version: string
}

/** Throws `MediaError` for what is not a regular file, and errors of the file system. */
export async function stateOf(input: Uint8Array | FileHandle): Promise<InputState> {
  if (input instanceof Uint8Array) return { size: input.length, version: '' }
  const stat = await input.stat({ bigint: true })
  if (!stat.isFile()) throw new MediaError('refused', 'It is not a regular file.')
  return { size: Number(stat.size), version: `${stat.size} ${stat.mtimeNs}` }
}

/**
 * Copies what is in that state to a new file at `path` (0600), which is on disk then. Answers its SHA-256 in hexadecimal. Throws
 * `MediaError` (`damaged`) where it was written to since, and errors of the file system.
 */
export async function copyUnchanged(
  input: Uint8Array | FileHandle,
  path: string,
  { size, version }: InputState,
): Promise<string> {
  const hash = createHash('sha256')
  const output = await open(path, 'wx', 0o600)
  try {
    for (let offset = 0; offset < size;) {
      const length = Math.min(CHUNK_BYTES, size - offset)
      const chunk =
        input instanceof Uint8Array
          ? input.subarray(offset, offset + length)
          : await readAt(input, offset, length)
      if (chunk.length === 0) throw changed()
      hash.update(chunk)
      await output.writeFile(chunk)
      offset += chunk.length
    }
    if ((await stateOf(input)).version !== version) throw changed()
    await output.sync()
  } finally {
    await output.close()
  }
  return hash.digest('hex')
}

function changed(): MediaError {
  return new MediaError('damaged', 'The file changed while it was read.')
}

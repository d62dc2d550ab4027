import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** Opens a file of a turn for reading; `null` where it is gone, is no file, is empty, or is a link. The caller closes it. */
export async function openTurnFile(path: string): Promise<{ file: FileHandle; size: number } | null> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch {
    return null
  }
  try {
    const stats = await file.stat()
    if (stats.isFile() && stats.size > 0) return { file, size: stats.size }
  } catch {
    // As one that is gone.
  }
  await file.close()
  return null
}

import { type FileHandle, open } from 'node:fs/promises'

/** `length` bytes of an open file from `position` on; fewer where it ends before. Rejects with the error of the file system. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** The first `length` bytes of the file at `path`; fewer where it is shorter. Rejects with the error of the file system. */
export async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    return await readAt(file, 0, length)
  } finally {
    await file.close()
  }
}

import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { readPrivateFile } from '../../storage/files/read-private-file.ts'
import { syncPath } from '../../storage/files/sync-path.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'

/** Some more than the largest config file. */
const MAX_BYTES = 4 * 1_048_576
/** No JSON5 begins with it: a file that does is half written, and nobody takes it for valid. */
const UNFINISHED = Buffer.from([0])

/**
 * Writes the config file in place where no other file can take its name: one that is mounted by itself, or that has a second
 * name. The new text is on disk in the state dir before the file is touched, and until it is whole the file begins with a
 * zero byte, which no reader takes for a config.
 */
export class EditJournal {
  /** Where the new text lies until the file has it. */
  readonly path: string
  readonly #configPath: string

  constructor(stateDir: string, configPath: string) {
    const name = createHash('sha256').update(configPath).digest('hex').slice(0, 8)
    this.path = join(stateDir, `config.edit.${name}.json5`)
    this.#configPath = configPath
  }

  /**
   * Replaces `before`, on disk when it returns. Throws what the file system throws, with `before` in its place again; where
   * the disk refuses that too, `repair` finishes the edit at the next start.
   */
  write(before: string, text: string): void {
    writePrivateFile(this.path, text)
    try {
      writeInPlace(this.#configPath, text)
    } catch (error) {
      if (beginsUnfinished(this.#configPath)) writeInPlace(this.#configPath, before)
      this.#remove()
      throw error
    }
    this.#remove()
  }

  /**
   * Finishes an edit that a crash interrupted; whether there was one. A file that begins otherwise was never touched, is
   * whole, or has been repaired by hand since: it stays as it is. Throws `StorageError` and what the file system throws.
   */
  repair(): boolean {
    const text = readPrivateFile(this.path, { maxBytes: MAX_BYTES })
    if (text === null) return false
    const isUnfinished = beginsUnfinished(this.#configPath)
    if (isUnfinished) writeInPlace(this.#configPath, text)
    this.#remove()
    return isUnfinished
  }

  #remove(): void {
    rmSync(this.path, { force: true })
    syncPath(dirname(this.path))
  }
}

function writeInPlace(path: string, text: string): void {
  const bytes = Buffer.from(text)
  const handle = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    writeAll(handle, UNFINISHED, 0)
    fsyncSync(handle)
    writeAll(handle, bytes.subarray(1), 1)
    ftruncateSync(handle, bytes.length)
    fsyncSync(handle)
    // One byte is written whole or not at all.
    writeAll(handle, bytes.subarray(0, 1), 0)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function writeAll(handle: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(handle, bytes, done, bytes.length - done, position + done)
}

function beginsUnfinished(path: string): boolean {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  try {
    if (!fstatSync(handle).isFile()) return false
    const first = Buffer.alloc(1)
    return readSync(handle, first, 0, 1, 0) === 1 && first.equals(UNFINISHED)
  } finally {
    closeSync(handle)
  }
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DaemonError } from '../../protocol/errors.ts'
import { inOrder, type CommitGroup } from '../store/commit-group.ts'
import { MediaError } from './media-error.ts'
import type { MediaFile, MediaFiles } from './media-files.ts'
import { type MediaStore, newMediaId } from './media-store.ts'

/** How long an upload waits for the message that it is sent with. */
const KEPT_MS = 60 * 60_000
const MAX_UPLOADS = 100
/** That are received at a time. */
const MAX_RECEIVING = 8
/** Room is made for so much more than what has come. */
const STEP_BYTES = 1_000_000
/** All of them together, of what the files of the account may take. */
const MAX_SHARE = 0.5

/** What comes over a connection, and what its sender says of it. */
export interface Upload {
  body: AsyncIterable<Uint8Array>
  /** In bytes; `null` where it is not said. */
  length: number | null
  name: string | null
  mimeType: string | null
}

export interface UploadedFilesDependencies {
  files: Pick<
    MediaFiles,
    'begin' | 'reserve' | 'finish' | 'abandon' | 'settled' | 'remove' | 'maxFileBytes' | 'maxBytes'
  >
  store: Pick<MediaStore, 'add' | 'keepUntil' | 'uploads'>
  commits: Pick<CommitGroup, 'now'>
  now: () => Date
}

/** Files that somebody uploads to send them. Each is copied when a message is sent with it, and gone after an hour. */
export class UploadedFiles {
  readonly #deps: UploadedFilesDependencies
  /** By id: the bytes for which room is made of what is being received. */
  readonly #receiving = new Map<string, number>()

  constructor(deps: UploadedFilesDependencies) {
    this.#deps = deps
  }

  /**
   * On disk when it resolves. Rejects with `MediaError`, with `DaemonError` (`rate_limited`), with `StorageError`, and with what `body` rejects
   * with; nothing is kept then.
   */
  async receive({ body, length, name, mimeType }: Upload): Promise<MediaFile & { expiresAt: Date }> {
    const { files, store, commits, now } = this.#deps
    const id = newMediaId()
    const maxBytes = Math.min(files.maxFileBytes, files.maxBytes * MAX_SHARE)
    if ((length ?? 0) > maxBytes) throw MediaError.tooLarge(maxBytes)
    if (this.#receiving.size >= MAX_RECEIVING)
      throw new DaemonError('rate_limited', {
        message: `${MAX_RECEIVING} files are being uploaded already.`,
        action: 'Wait until one of them is there, then try again.',
      })
    this.#receiving.set(id, 0)
    try {
      const path = await files.begin(id, 0)
      const { size, sha256 } = await write(body, path, async (come) => {
        if (come > maxBytes) throw MediaError.tooLarge(maxBytes)
        if (come > (this.#receiving.get(id) ?? 0)) await this.#reserve(id, come, length ?? maxBytes)
      })
      if (size === 0) throw new MediaError('damaged', 'The file is empty.')
      const file = await files.finish(id, { size, sha256, name })
      const at = now().getTime()
      commits.now(() => {
        store.add(id, name, mimeType, file, at)
        store.keepUntil(id, at + KEPT_MS)
        return undefined
      })
      return { ...file, expiresAt: new Date(at + KEPT_MS) }
    } catch (error) {
      await files.abandon(id)
      throw error
    } finally {
      this.#receiving.delete(id)
      files.settled(id)
    }
  }

  /** A sender that says much and sends nothing takes no room from others. */
  async #reserve(id: string, come: number, expected: number): Promise<void> {
    const { files } = this.#deps
    const bytes = Math.max(come, Math.min(expected, come + STEP_BYTES))
    this.#makeRoom(id, bytes)
    this.#receiving.set(id, bytes)
    await files.reserve(id, bytes)
  }

  /** Deletes what is over. Throws `StorageError`. */
  prune(): void {
    const at = this.#deps.now().getTime()
    // A clock that was set back lets nothing live longer.
    this.#remove(this.#deps.store.uploads().filter(({ expires_at: end }) => end <= at || end > at + KEPT_MS))
  }

  /** The oldest uploads make room for one that comes, so that all of them take no more than their share. Throws `MediaError`. */
  #makeRoom(id: string, bytes: number): void {
    const { files, store } = this.#deps
    this.prune()
    const limit = files.maxBytes * MAX_SHARE
    const received = [...this.#receiving].filter(([other]) => other !== id)
    const coming = received.reduce((sum, [, size]) => sum + size, bytes)
    if (coming > limit) throw MediaError.noSpace()
    const uploads = store.uploads()
    let total = uploads.reduce((sum, { size }) => sum + size, coming)
    const gone = uploads.filter(({ size }, index) => {
      if (uploads.length - index + received.length < MAX_UPLOADS && total <= limit) return false
      total -= size
      return true
    })
    this.#remove(gone)
  }

  #remove(uploads: readonly { id: string }[]): void {
    const { files, commits } = this.#deps
    if (uploads.length > 0) commits.now(() => inOrder(uploads.map(({ id }) => files.remove(id))))
  }
}

async function write(
  body: AsyncIterable<Uint8Array>,
  path: string,
  /** Before so many bytes in all are on the disk; it may reject. */
  come: (size: number) => Promise<void>,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  const output = await open(path, 'wx', 0o600)
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.length
      await come(size)
      hash.update(chunk)
      await output.writeFile(chunk)
    }
    await output.sync()
  } finally {
    await output.close()
  }
  return { size, sha256: hash.digest('hex') }
}

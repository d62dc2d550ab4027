import { constants, existsSync } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { AccountConfig } from '../../config/model.ts'
import { openPrivateDirectory } from '../../storage/files/private-directory.ts'
import { OwnTurns } from '../../timing/own-turns.ts'
import { DatabaseClosed } from '../../storage/database/database.ts'
import { syncPath } from '../../storage/files/sync-path.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import { copyUnchanged, stateOf } from './copy-unchanged.ts'
import { MediaError } from './media-error.ts'
import {
  type MediaProblem,
  type MediaRow,
  type MediaStore,
  newMediaId,
  type StoredMedia,
} from './media-store.ts'
import { sniffType } from './sniff-type.ts'

const MEGABYTE = 1_000_000
const DAY_MS = 86_400_000
/** Files that are deleted at a time. */
const MAX_DELETED = 100
/** What files leave free on the disk, for the database. */
const RESERVE_BYTES = 64 * MEGABYTE

/** Of all accounts: a change of the config has each of them look for old files. */
const turns = new OwnTurns()

/** What a file of ours is made of: bytes, a file of that path, or one that is open already. */
export type AdoptedSource = { data: Uint8Array } | { path: string } | { handle: FileHandle }

/** A file in our own directory. */
export interface MediaFile extends StoredMedia {
  id: string
  path: string
}

export type AdoptOutcome = ({ outcome: 'stored' } & MediaFile) | ({ outcome: 'failed' } & MediaProblem)

export interface MediaFilesDependencies {
  store: MediaStore
  /** Made with the first file. */
  directory: string
  commits: CommitGroup
  config: () => Pick<AccountConfig, 'mediaMaxMb' | 'media'>
  logger: Logger
  now: () => Date
}

/**
 * The files of an account's messages: each under an id of ours in a directory that nobody else can enter, bounded together
 * (`media.maxDiskMb`) and in age (`media.keepDays`). What a sender calls a file is never part of a path.
 */
export class MediaFiles {
  readonly #deps: MediaFilesDependencies
  /** Ids of files that are being written, and the bytes that they may take. */
  readonly #writing = new Map<string, number>()
  #isPruning = false

  constructor(deps: MediaFilesDependencies) {
    this.#deps = deps
  }

  /** The largest file that is taken. */
  get maxFileMegabytes(): number {
    const { mediaMaxMb, media } = this.#deps.config()
    return Math.min(mediaMaxMb, media.maxDiskMb)
  }

  /** What all of them may take. */
  get maxBytes(): number {
    return this.#deps.config().media.maxDiskMb * MEGABYTE
  }

  get maxFileBytes(): number {
    return Math.floor(this.maxFileMegabytes * MEGABYTE)
  }

  /**
   * Brings the directory and the table in step after a crash: half-written files and files without a row are deleted, rows without a file
   * are expired. Never rejects.
   */
  async repair(): Promise<void> {
    const { store, directory, commits, logger, now } = this.#deps
    try {
      const stored = store.allStored()
      const unclaimed = store.unclaimed()
      const names = new Set(existsSync(directory) ? await readdir(directory) : [])
      const lost = stored.filter((row) => !names.has(nameOf(row)))
      if (lost.length + unclaimed.length > 0)
        commits.now(() => {
          for (const { id } of lost) store.expire(id, now().getTime())
          for (const { id } of unclaimed) store.delete(id)
          return undefined
        })
      for (const name of names) {
        const id = idIn(name)
        if (id === null || this.#writing.has(id)) continue
        const row = store.find(id)
        if (row?.state !== 'stored' || nameOf(row) !== name) await rm(join(directory, name), { force: true })
      }
    } catch (error) {
      logger.warn({ err: error }, 'what a crash left of files of messages could not be cleaned up')
    }
  }

  /** Where the file with this id lies; `null` where there is none. */
  pathOf(id: string): string | null {
    const row = this.#deps.store.find(id)
    return row === undefined ? null : this.pathOfRow(row)
  }

  pathOfRow(row: MediaRow): string | null {
    if (row.state !== 'stored') return null
    const path = join(this.#deps.directory, nameOf(row))
    return existsSync(path) ? path : null
  }

  /** The files that the row of the outbox with this `message_id` goes out with. */
  sentWith(messageId: string): MediaRow[] {
    return this.#deps.store.ofOutbox(messageId)
  }

  /**
   * Copies a file into the directory; whoever adopts it calls `keepFor` in the transaction that queues what it goes out with, or `remove`. A
   * link, and what is no regular file, is refused. Never rejects.
   */
  async adopt(
    source: AdoptedSource,
    about: { name: string | null; mimeType: string | null; maxBytes?: number },
  ): Promise<AdoptOutcome> {
    const { store, commits, now } = this.#deps
    const id = newMediaId()
    const maxBytes = Math.min(about.maxBytes ?? Number.POSITIVE_INFINITY, this.maxFileBytes)
    let opened: FileHandle | null = null
    try {
      if ('path' in source)
        opened = await open(source.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      const input = 'data' in source ? source.data : 'handle' in source ? source.handle : opened
      if (input === null) throw new MediaError('refused', 'The file cannot be read.')
      const state = await stateOf(input)
      const { size } = state
      if (size > maxBytes) throw MediaError.tooLarge(maxBytes)
      const path = await this.begin(id, size)
      const sha256 = await copyUnchanged(input, path, state)
      const file = await this.finish(id, { size, sha256, name: about.name })
      commits.now(() => {
        store.add(id, about.name, about.mimeType, file, now().getTime())
        return undefined
      })
      return { outcome: 'stored', ...file }
    } catch (error) {
      await this.abandon(id)
      const { code, message } = MediaError.from(error)
      return { outcome: 'failed', code, message }
    } finally {
      this.#writing.delete(id)
      await opened?.close()
    }
  }

  /** Inside of a transaction: the file goes out with the row of the outbox that has this `message_id`. */
  keepFor(id: string, outbox: string): void {
    this.#deps.store.keepFor(id, outbox)
  }

  /** Inside of a transaction. */
  remove(id: string): Committed {
    const row = this.#deps.store.find(id)
    this.#deps.store.delete(id)
    return () => {
      if (row !== undefined) void this.#delete(row).catch((error: unknown) => this.#failed(error))
    }
  }

  /** Inside of a transaction: the row of the outbox with this `message_id` is erased, and what it went out with goes too. */
  removeSentWith(messageId: string): Committed {
    return inOrder(this.sentWith(messageId).map(({ id }) => this.remove(id)))
  }

  /** Inside of the transaction that deletes these rows, before they are. */
  removeOf({ inbox, outbox }: { inbox: readonly number[]; outbox: readonly number[] }): Committed {
    return inOrder(this.#deps.store.ofRows(inbox, outbox).map(({ id }) => this.remove(id)))
  }

  /** As `remove`, in a transaction of its own: it goes out with nothing. Never throws. */
  discard(id: string): void {
    try {
      this.#deps.commits.now(() => this.remove(id))
    } catch (error) {
      // It is cleaned up with the next start.
      this.#failed(error)
    }
  }

  /** Where a file that is about to be written goes, once there is room for `bytes`. Throws `MediaError` and errors of the file system. */
  async begin(id: string, bytes: number): Promise<string> {
    const { directory } = this.#deps
    openPrivateDirectory(directory, { isOurs: true })
    await this.reserve(id, bytes)
    return join(directory, id)
  }

  /** A file that is being written may take so many `bytes` in all. Throws as `begin`. */
  async reserve(id: string, bytes: number): Promise<void> {
    const more = bytes - (this.#writing.get(id) ?? 0)
    this.#writing.set(id, bytes)
    await this.#makeRoom()
    const { bavail, bsize } = await statfs(this.#deps.directory)
    if (bavail * bsize < more + RESERVE_BYTES) throw MediaError.noSpace()
  }

  /** A file that is written already has more bytes than it was begun with. Throws `MediaError` (`no_space`) where they are more than may be kept. */
  async grow(id: string, bytes: number): Promise<void> {
    this.#writing.set(id, bytes)
    await this.#makeRoom()
  }

  /** Gives a whole file its name; it is on disk under it when this resolves. */
  async finish(
    id: string,
    { size, sha256, name }: { size: number; sha256: string; name: string | null },
  ): Promise<MediaFile> {
    const { directory } = this.#deps
    const path = join(directory, id)
    const { type, extension } = await sniffType(path, name)
    const named = join(directory, nameOf({ id, extension }))
    await rename(path, named)
    syncPath(directory)
    return { id, path: named, type, extension, size, sha256 }
  }

  /** Nothing of the file stays; never rejects. */
  async abandon(id: string): Promise<void> {
    const { directory } = this.#deps
    this.#writing.delete(id)
    const names = await readdir(directory).catch(() => [])
    for (const name of names)
      if (idIn(name) === id) await rm(join(directory, name), { force: true }).catch(() => undefined)
  }

  /** The row of the file is written, or given up. */
  settled(id: string): void {
    this.#writing.delete(id)
  }

  /** Deletes what is too old, what belongs to messages that are gone, and what is more than may be kept; in a later turn of the event loop. Never rejects. */
  async prune(): Promise<void> {
    if (this.#isPruning) return
    this.#isPruning = true
    try {
      await turns.next()
      let rows: MediaRow[] = []
      do {
        rows = this.#pruneSome()
        for (const row of rows) await this.#delete(row)
      } while (rows.length > 0)
      await this.#makeRoom()
    } catch (error) {
      // What is still needed stays.
      if (!(error instanceof MediaError || error instanceof DatabaseClosed))
        this.#deps.logger.warn({ err: error }, 'old files of messages could not be deleted')
    } finally {
      this.#isPruning = false
    }
  }

  /** The rows that changed, whose files go now. */
  #pruneSome(): MediaRow[] {
    const { store, commits, config, now } = this.#deps
    const at = now().getTime()
    const ownerless = store.ownerless(MAX_DELETED)
    const old = store.old(at - config().media.keepDays * DAY_MS, MAX_DELETED)
    if (ownerless.length + old.length > 0)
      commits.now(() => {
        for (const { id } of old) store.expire(id, at)
        for (const { id } of ownerless) store.delete(id)
        return undefined
      })
    return [...ownerless, ...old]
  }

  /** The oldest files that nothing waits for go until everything fits. Throws `MediaError` (`no_space`). */
  async #makeRoom(): Promise<void> {
    const { store, commits, now } = this.#deps
    const limit = this.maxBytes
    const written = [...this.#writing.values()].reduce((sum, bytes) => sum + bytes, 0)
    for (;;) {
      let excess = store.totalBytes() + written - limit
      if (excess <= 0) return
      const rows = store.unneeded(MAX_DELETED)
      if (rows.length === 0) throw MediaError.noSpace()
      const gone: MediaRow[] = []
      for (const row of rows) {
        if (excess <= 0) break
        excess -= row.size ?? 0
        gone.push(row)
      }
      commits.now(() => {
        for (const { id } of gone) store.expire(id, now().getTime())
        return undefined
      })
      for (const row of gone) await this.#delete(row)
    }
  }

  #failed(error: unknown): void {
    this.#deps.logger.warn({ err: error }, 'a file of a message could not be deleted')
  }

  async #delete(row: MediaRow): Promise<void> {
    if (row.extension !== null) await rm(join(this.#deps.directory, nameOf(row)), { force: true })
  }
}

function nameOf({ id, extension }: Pick<MediaRow, 'id' | 'extension'>): string {
  return `${id}.${extension ?? 'bin'}`
}

/** The id in the name of a file of ours, whole or half written. */
function idIn(name: string): string | null {
  return /^([0-9a-f]{32})(?:\.[\w.]+)?$/.exec(name)?.[1] ?? null
}

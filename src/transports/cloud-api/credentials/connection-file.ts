import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readPrivateFile } from '../../../storage/files/read-private-file.ts'
import { syncPath } from '../../../storage/files/sync-path.ts'
import { writePrivateFile } from '../../../storage/files/write-private-file.ts'
import { StorageError, toStorageError } from '../../../storage/storage-error.ts'

const NAME = 'business.json'
const MAX_BYTES = 64 * 1_024

const storedSchema = z.object({
  phoneNumberId: z.string().nullable(),
  businessAccountId: z.string().nullable(),
  accessToken: z.string().nullable(),
  appSecret: z.string().nullable(),
  verifyToken: z.string().nullable(),
  /** Of the two-step verification; kept before it is used, so that a repetition uses the same. */
  pin: z.string().nullable(),
  isCoexistence: z.boolean(),
  callbackUrl: z.string().nullable(),
})

/** What somebody has connected the account with, and what the daemon made for it. */
export type StoredConnection = z.infer<typeof storedSchema>

export const NO_CONNECTION: StoredConnection = {
  phoneNumberId: null,
  businessAccountId: null,
  accessToken: null,
  appSecret: null,
  verifyToken: null,
  pin: null,
  isCoexistence: false,
  callbackUrl: null,
}

/**
 * `business.json` beside the account: 0600, and in no backup, export or answer. That it has a token or an id is what makes an account without
 * `transport` a Business account: one file says both, so that they cannot contradict each other, and a config that may not be edited
 * stays as it is.
 */
export class ConnectionFile {
  readonly #path: string
  #read: StoredConnection | null | undefined
  #isDamaged = false

  constructor(directory: string) {
    this.#path = join(directory, NAME)
  }

  /** Whether somebody connected the account there. Throws `StorageError`. */
  static isIn(directory: string): boolean {
    const file = new ConnectionFile(directory)
    const { accessToken, phoneNumberId, businessAccountId } = file.current ?? NO_CONNECTION
    return (accessToken ?? phoneNumberId ?? businessAccountId) !== null || file.isDamaged
  }

  /** `null` where nothing was stored, or nothing that can be read. Throws `StorageError` where the disk refuses. */
  get current(): StoredConnection | null {
    if (this.#read === undefined) this.#read = this.#load()
    return this.#read
  }

  /** Whether there is a file that nobody can read; `current` was asked before. */
  get isDamaged(): boolean {
    return this.#isDamaged
  }

  /** On disk when it returns. Throws `StorageError`, with nothing changed. */
  store(connection: StoredConnection): void {
    try {
      writePrivateFile(this.#path, `${JSON.stringify(connection, null, 2)}\n`)
    } catch (error) {
      throw toStorageError(error, this.#path)
    }
    this.#read = connection
    this.#isDamaged = false
  }

  /** Nothing of it is on the disk when it returns. Throws `StorageError`. */
  erase(): void {
    try {
      rmSync(this.#path, { force: true })
      syncPath(dirname(this.#path))
    } catch (error) {
      throw toStorageError(error, this.#path)
    }
    this.#read = null
    this.#isDamaged = false
  }

  #load(): StoredConnection | null {
    try {
      const text = readPrivateFile(this.#path, { maxBytes: MAX_BYTES, isSecret: true })
      return text === null ? null : storedSchema.parse(JSON.parse(text))
    } catch (error) {
      // The cure for an unreadable database would be the wrong one: this is connected again.
      if (error instanceof StorageError && error.reason !== 'storage_unreadable') throw error
      this.#isDamaged = true
      return null
    }
  }
}

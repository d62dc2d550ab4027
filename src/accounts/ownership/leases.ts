import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { DaemonConfig } from '../../config/model.ts'
import type { SecretReader } from '../../config/secrets/secret-reader.ts'
import { directoryId } from '../../storage/files/directory-id.ts'
import { Lease, type LeaseEvents } from '../../storage/leases/lease.ts'
import { LeaseError } from '../../storage/leases/lease-error.ts'
import { LeaseServer } from '../../storage/leases/lease-server.ts'
import { openPrivateDirectory } from '../../storage/files/private-directory.ts'
import { toStorageError } from '../../storage/storage-error.ts'

const LONGEST_ANSWER_MS = 2_000

/** The leases of this process' accounts, at the server of `whatsappd.lock.redis`. */
export class Leases {
  readonly #server: LeaseServer
  readonly #ttlMs: number

  constructor(config: NonNullable<DaemonConfig['lock']>, secrets: SecretReader) {
    this.#ttlMs = config.ttlSeconds * 1_000
    this.#server = new LeaseServer({
      url: () => secrets.read(config.url),
      timeoutMs: Math.min(this.#ttlMs / 3, LONGEST_ANSWER_MS),
    })
  }

  /** Makes the lease of the account in `directory`: the same one for every host that shares it, and for its copies. */
  of(directory: string): (events: LeaseEvents) => Lease {
    return (events) =>
      new Lease({
        server: this.#server,
        key: () => `whatsappd:owner:${idOf(directory)}`,
        ttlMs: this.#ttlMs,
        holder: { token: randomUUID(), hostname: hostname(), pid: process.pid },
        events,
        now: Date.now,
        monotonicNow: () => performance.now(),
      })
  }

  /** After the accounts have stopped. */
  stop(): Promise<void> {
    return this.#server.stop()
  }
}

function idOf(directory: string): string {
  try {
    openPrivateDirectory(directory)
    return directoryId(directory)
  } catch (error) {
    const { reason, detail } = toStorageError(error, directory)
    throw new LeaseError({ code: reason, detail }, error)
  }
}

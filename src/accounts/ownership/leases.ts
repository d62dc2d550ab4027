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

export interface LeasesDependencies {
  /** Asked once, at the start: a change takes effect with the next one. */
  settings: () => DaemonConfig['lock']
  secrets: SecretReader
}

/** The leases of this process' accounts, at the server of `whatsappd.lock.redis`. */
export class Leases {
  readonly #deps: LeasesDependencies
  #held: { server: LeaseServer; ttlMs: number } | null = null

  constructor(deps: LeasesDependencies) {
    this.#deps = deps
  }

  start(): void {
    const { settings, secrets } = this.#deps
    const config = settings()
    if (config === null) return
    const ttlMs = config.ttlSeconds * 1_000
    const timeoutMs = Math.min(ttlMs / 3, LONGEST_ANSWER_MS)
    this.#held = { server: new LeaseServer({ url: () => secrets.read(config.url), timeoutMs }), ttlMs }
  }

  /**
   * Makes the lease of the account in `directory`: the same one for every host that shares it, and for its copies. `null` where none is
   * configured.
   */
  of(directory: string): ((events: LeaseEvents) => Lease) | null {
    if (this.#held === null) return null
    const { server, ttlMs } = this.#held
    return (events) =>
      new Lease({
        server,
        key: () => `whatsappd:owner:${idOf(directory)}`,
        ttlMs,
        holder: { token: randomUUID(), hostname: hostname(), pid: process.pid },
        events,
        now: Date.now,
        monotonicNow: () => performance.now(),
      })
  }

  /** After the accounts have stopped. */
  async stop(): Promise<void> {
    await this.#held?.server.stop()
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

import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HostIdentity } from './host-identity.ts'
import { networkFileSystem } from '../../storage/files/network-file-system.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { readPrivateFile } from '../../storage/files/read-private-file.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'
import { StorageError } from '../../storage/storage-error.ts'

export const HOST_MARK_NAME = 'host.json'
const MAX_BYTES = 4_096
/** How often the mark is renewed; also when two hosts that began at once find each other. */
export const RENEW_EVERY_MS = 20_000
/** A host that has not renewed its mark for this long has ended. */
export const STALE_AFTER_MS = 90_000

export interface HostMarkDependencies {
  directory: string
  host: Pick<HostIdentity, 'bootId' | 'hostname'>
  /** A lease decides between this host and others that have one: their marks keep it from nothing. */
  hasLease: boolean
  /** Another host has put its mark over ours, or the mark could not be renewed. Called once. */
  failed(error: unknown): void
}

/**
 * Says which host uses an account on a network volume, where a lock may hold on one host only. It keeps two hosts apart
 * that start one after the other, and ends the first within {@link RENEW_EVERY_MS} where they started at once: enough not
 * to damage the account by accident. What decides between hosts is a lease; with one, the mark keeps away a host without. Ages are those of the volume's own clock.
 */
export class HostMark {
  readonly #deps: HostMarkDependencies
  readonly #path: string
  readonly #text: string
  #timer: NodeJS.Timeout | undefined

  /** `null` on a local disk, where the lock in the directory decides. */
  static on(deps: HostMarkDependencies): HostMark | null {
    return networkFileSystem(deps.directory) === null ? null : new HostMark(deps)
  }

  constructor(deps: HostMarkDependencies) {
    this.#deps = deps
    this.#path = join(deps.directory, HOST_MARK_NAME)
    const { bootId, hostname } = deps.host
    this.#text = JSON.stringify({ bootId, hostname, ...(deps.hasLease && { hasLease: true }) })
  }

  /** Throws `StorageError`: `lock_server_required` where another host has renewed its mark a moment ago. */
  start(): void {
    const before = statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs
    const other = this.#otherHost()
    // The lease is held here: a host that had it before may have ended without removing its mark.
    const isDecisive = !this.#deps.hasLease || other?.hasLease !== true
    if (other !== null && isDecisive && before !== undefined && this.#clock() - before < STALE_AFTER_MS)
      throw this.#refusal(other)
    this.#write()
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS)
    this.#timer.unref()
  }

  /** Idempotent. Never throws. */
  stop(): void {
    if (this.#timer === undefined) return
    this.#end()
    try {
      if (this.#otherHost() === null) rmSync(this.#path, { force: true })
    } catch {
      // It gets stale.
    }
  }

  #renew(): void {
    try {
      const other = this.#otherHost()
      if (other !== null) throw this.#refusal(other)
      this.#write()
    } catch (error) {
      this.#end()
      this.#deps.failed(error)
    }
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** The host whose mark is there; `null` for ours and for none. */
  #otherHost(): MarkedHost | null {
    const text = readPrivateFile(this.#path, { maxBytes: MAX_BYTES })
    if (text === null || text === this.#text) return null
    const other = parse(text)
    const { bootId, hostname } = other
    const own = this.#deps.host
    const isOther = bootId !== null && own.bootId !== null ? bootId !== own.bootId : hostname !== own.hostname
    return isOther ? other : null
  }

  /** Milliseconds, by the clock that stamps the files of this volume. */
  #clock(): number {
    const path = `${this.#path}.clock`
    writePrivateFile(path, '', { isDurable: false })
    const { mtimeMs } = statSync(path)
    rmSync(path, { force: true })
    return mtimeMs
  }

  #write(): void {
    writePrivateFile(this.#path, this.#text, { isDurable: false })
  }

  #refusal({ hostname }: MarkedHost): StorageError {
    return new StorageError('lock_server_required', `the host ${hostname || 'without a name'}`)
  }
}

interface MarkedHost {
  bootId: string | null
  hostname: string
  hasLease: boolean
}

function parse(text: string): MarkedHost {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    // Not ours: without a name.
  }
  const { bootId, hostname, hasLease } = isRecord(found) ? found : {}
  return {
    bootId: typeof bootId === 'string' ? bootId : null,
    hostname: typeof hostname === 'string' ? hostname.slice(0, 255) : '',
    hasLease: hasLease === true,
  }
}

import { rmSync } from 'node:fs'
import type { Logger } from 'pino'
import { writePrivateFile } from '../storage/files/write-private-file.ts'

const RETRY_MS = 5_000

export interface InfoFileDeps {
  /** Where the control plane listens. */
  address: () => { host: string; port: number }
  logger: Logger
}

/** Where the daemon listens, for the commands of the same machine. A disk that rejects the file for a while delays nothing else. */
export class InfoFile {
  readonly #path: string
  readonly #deps: InfoFileDeps
  #timer: NodeJS.Timeout | undefined

  constructor(path: string, deps: InfoFileDeps) {
    this.#path = path
    this.#deps = deps
  }

  /** Writes the file (0600) now, or as soon as the disk accepts it. */
  start(): void {
    const { address, logger } = this.#deps
    try {
      writePrivateFile(this.#path, JSON.stringify({ ...address(), pid: process.pid }), { isDurable: false })
    } catch (error) {
      if (this.#timer === undefined)
        logger.warn({ err: error }, 'commands cannot find this daemon until the disk takes its address')
      this.#timer = setTimeout(() => this.start(), RETRY_MS)
      this.#timer.unref()
    }
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer)
    try {
      rmSync(this.#path, { force: true })
    } catch {
      // Its readers notice that the process is gone.
    }
  }
}

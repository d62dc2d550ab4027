import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A directory on a file system that shares no memory between processes, as network volumes are: FUSE with `direct_io`.
 * What is written outside of it, into `source`, is seen inside without an event. Needs root, `bindfs` and /dev/fuse.
 */
export class FuseMount {
  readonly source: string
  readonly directory: string
  /** Where a test ends without it, as by its time limit. */
  readonly #atExit = (): void => this.unmount()
  #isMounted = false

  constructor(root: string) {
    this.source = join(root, 'volume')
    this.directory = join(root, 'mounted')
  }

  /** Why this machine has no such file system; `null` where it has one. */
  static obstacle(): string | null {
    const root = mkdtempSync(join(tmpdir(), 'whatsappd-fuse-'))
    const mount = new FuseMount(root)
    try {
      mount.mount()
      mount.unmount()
      return null
    } catch (error) {
      return error instanceof Error ? error.message.trim().replaceAll('\n', ' ') : String(error)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }

  mount(): void {
    for (const path of [this.source, this.directory]) mkdirSync(path, { recursive: true, mode: 0o700 })
    execFileSync('bindfs', ['-o', 'direct_io', this.source, this.directory], { stdio: 'pipe' })
    this.#isMounted = true
    process.once('exit', this.#atExit)
  }

  /** Idempotent. Files that are open stay so. */
  unmount(): void {
    if (!this.#isMounted) return
    execFileSync('umount', ['-l', this.directory], { stdio: 'pipe' })
    this.#isMounted = false
    process.off('exit', this.#atExit)
  }
}

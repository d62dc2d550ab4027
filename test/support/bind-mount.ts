import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Shows a file or a directory at another path, as a container sees what is mounted into it. Needs root. */
export class BindMount {
  readonly source: string
  readonly target: string
  #isMounted = false

  /** Both exist, and are of one kind. */
  constructor(source: string, target: string) {
    this.source = source
    this.target = target
  }

  /** Why this machine mounts nothing; `null` where it does. */
  static obstacle(): string | null {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-mount-'))
    const [source, target] = [join(directory, 'a'), join(directory, 'b')]
    try {
      for (const path of [source, target]) writeFileSync(path, '')
      const mount = new BindMount(source, target)
      mount.mount()
      mount.unmount()
      return null
    } catch (error) {
      return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }

  mount(options: { readOnly?: boolean } = {}): void {
    execFileSync('mount', ['--bind', this.source, this.target], { stdio: 'pipe' })
    this.#isMounted = true
    if (options.readOnly === true)
      execFileSync('mount', ['-o', 'remount,bind,ro', this.target], { stdio: 'pipe' })
  }

  /** Idempotent. */
  unmount(): void {
    if (!this.#isMounted) return
    execFileSync('umount', ['-l', this.target], { stdio: 'pipe' })
    this.#isMounted = false
  }

  /** Whether both show the same file still. */
  get isTrue(): boolean {
    return statSync(this.source).ino === statSync(this.target).ino
  }
}

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const SIZE_MB = 48
const BLOCK = Buffer.alloc(64 * 1024)

/** A file system of its own, so small that it can be filled to the last byte. Needs root, as mounting does. */
export class SmallDisk {
  readonly directory: string
  readonly #sizeMb: number

  constructor(directory: string, sizeMb = SIZE_MB) {
    this.directory = directory
    this.#sizeMb = sizeMb
  }

  /** Why this machine has no small disks; `null` when it has. */
  static obstacle(directory: string): string | null {
    const disk = new SmallDisk(directory)
    try {
      disk.mount()
      disk.unmount()
      return null
    } catch (error) {
      return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }

  mount(): void {
    mkdirSync(this.directory, { recursive: true })
    const options = `size=${this.#sizeMb}m,mode=700`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', this.directory], { stdio: 'pipe' })
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(this.#ballast, 'w')
    try {
      for (let size = BLOCK.length; size >= 1;) {
        try {
          // A short write is the last one of its size that fits.
          if (writeSync(file, BLOCK, 0, size) < size) size = Math.floor(size / 2)
        } catch {
          size = Math.floor(size / 2)
        }
      }
    } finally {
      closeSync(file)
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.directory], { stdio: 'pipe' })
  }

  get #ballast(): string {
    return join(this.directory, 'ballast')
  }
}

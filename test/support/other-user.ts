import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's `nobody`, and a user that no system has. */
const NOBODY = 65_534
const SOMEBODY = 65_533
/** Where a system keeps directories that only their owner may enter. */
const SYSTEM_PLACES = ['/', '/var/lib', '/var/cache', '/var/lib/apt/lists', '/var/log', '/etc', '/run']

const isRoot = process.getuid?.() === 0

/**
 * Two users for one process. Root lends itself to an ordinary one and gives files to another; an ordinary user has to
 * take what the system keeps for others.
 */
export const otherUser = {
  isRoot,

  /** From here on this process is an ordinary user to whom everything in `directory` belongs. Until `end`. */
  begin(directory: string): void {
    if (!isRoot) return
    chown(directory, NOBODY)
    process.seteuid?.(NOBODY)
  },

  end(): void {
    if (isRoot) process.seteuid?.(0)
  },

  /** Gives `path`, and what is in it, to the other user, or back. Root only. */
  give(path: string, to: 'other' | 'back'): void {
    process.seteuid?.(0)
    chown(path, to === 'other' ? SOMEBODY : NOBODY)
    process.seteuid?.(NOBODY)
  },

  /** A directory that only its owner may enter, who is somebody else. */
  systemDirectory(): string {
    const self = process.geteuid?.()
    for (const place of SYSTEM_PLACES) {
      for (const name of namesIn(place)) {
        const path = join(place, name)
        const stat = statSync(path, { throwIfNoEntry: false })
        if (stat?.isDirectory() === true && (stat.mode & 0o077) === 0 && stat.uid !== self) return path
      }
    }
    throw new Error('this system has no directory that only somebody else may enter')
  },
}

function chown(path: string, uid: number): void {
  execFileSync('chown', ['-R', `${uid}:${uid}`, path])
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

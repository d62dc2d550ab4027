import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncPath } from '../../storage/files/sync-path.ts'

/**
 * Replaces the content of `path` in one step: readers see the old file or the new one, also after a crash. Symbolic
 * links are followed, mode and owner kept; a new file gets `newMode`. `guard` runs right before the step and may throw.
 */
export function writeAtomically(
  path: string,
  text: string,
  options: { newMode: number; guard: () => void },
): void {
  const target = realPath(path)
  const old = statSync(target, { throwIfNoEntry: false })
  const mode = old === undefined ? options.newMode : old.mode & 0o7777
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = openSync(temporary, 'wx', mode)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (old !== undefined) {
      chmodSync(temporary, mode)
      if (old.uid !== process.getuid?.() || old.gid !== process.getgid?.())
        chownSync(temporary, old.uid, old.gid)
    }
    options.guard()
    renameSync(temporary, target)
    // The rename itself has to be durable.
    syncPath(dirname(target))
  } finally {
    rmSync(temporary, { force: true })
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

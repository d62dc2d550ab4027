import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface ReplaceOptions {
  mode: number
  /** Of the new file; this process where absent. */
  owner?: { uid: number; gid: number } | undefined
  /** Runs right before the step, in the same turn of the event loop, and may throw. */
  guard?: (() => void) | undefined
}

/**
 * Replaces the file or link at `path` in one step: readers see the old file or the new one, also after a crash. The new one
 * is on disk when this resolves. Rejects with what the file system says.
 */
export async function replaceFile(
  path: string,
  text: string,
  { mode, owner, guard }: ReplaceOptions,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      if (owner !== undefined) {
        // Exactly this one, whatever the umask takes off a new file.
        await file.chmod(mode)
        // Where nothing changes it may need a right that the process does not have.
        if (owner.uid !== process.getuid?.() || owner.gid !== process.getgid?.())
          await file.chown(owner.uid, owner.gid)
      }
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    if (guard === undefined) await rename(temporary, path)
    else {
      guard()
      // Waits for the file system's journal while the disk is busy; nothing may come between it and the guard.
      renameSync(temporary, path)
    }
    await syncDirectory(dirname(path))
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Makes the rename itself durable. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

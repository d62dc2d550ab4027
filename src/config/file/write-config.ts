import { realpathSync, statSync } from 'node:fs'
import type { ConfigMount } from './config-mount.ts'
import type { EditJournal } from './edit-journal.ts'
import { replaceFile } from './replace-file.ts'

/** Why no other file can take the name of one. */
const IN_PLACE_ONLY: readonly unknown[] = ['EBUSY', 'EXDEV']
const MODE_OF_NEW_FILE = 0o600

export interface ConfigTarget {
  path: string
  /** For a file whose name no other one can take. */
  journal: EditJournal
  mount: Pick<ConfigMount, 'isFile'>
}

/**
 * Replaces the file's text `before` by `after`, on disk when it resolves: by a new file of its name, with its mode and owner, or in
 * place where that is impossible or would part the file from its other names. Symbolic links are followed. `guard` runs right before
 * and may throw. Rejects with what the file system says.
 */
export async function writeConfig(
  { path, journal, mount }: ConfigTarget,
  { before, after, guard }: { before: string; after: string; guard: () => void },
): Promise<void> {
  const target = realPathOf(path)
  const old = statSync(target, { throwIfNoEntry: false })
  const hasOtherNames = (old?.nlink ?? 0) > 1
  if (!hasOtherNames && !mount.isFile()) {
    try {
      const mode = old === undefined ? MODE_OF_NEW_FILE : old.mode & 0o7777
      return await replaceFile(target, after, { mode, owner: old, guard })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && IN_PLACE_ONLY.includes(error.code))) throw error
    }
  }
  guard()
  journal.write(before, after)
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

import { statSync } from 'node:fs'
import { writeAtomically } from './atomic-write.ts'
import type { ConfigMount } from './config-mount.ts'
import type { EditJournal } from './edit-journal.ts'

/** Why no other file can take the name of one. */
const IN_PLACE_ONLY: readonly unknown[] = ['EBUSY', 'EXDEV']

export interface ConfigTarget {
  path: string
  /** For a file whose name no other one can take. */
  journal: EditJournal
  mount: Pick<ConfigMount, 'isFile'>
}

/**
 * Replaces the file's text `before` by `after`, on disk when it returns: by a new file of its name, or in place where that
 * is impossible or would part the file from its other names. `guard` runs right before and may throw. Throws what the file
 * system throws.
 */
export function writeConfig(
  { path, journal, mount }: ConfigTarget,
  { before, after, guard }: { before: string; after: string; guard: () => void },
): void {
  const hasOtherNames = (statSync(path, { throwIfNoEntry: false })?.nlink ?? 0) > 1
  if (!hasOtherNames && !mount.isFile()) {
    try {
      return writeAtomically(path, after, { newMode: 0o600, guard })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && IN_PLACE_ONLY.includes(error.code))) throw error
    }
  }
  guard()
  journal.write(before, after)
}

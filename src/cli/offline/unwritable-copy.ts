import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../../storage/storage-error.ts'
import { CommandFailure } from '../command-failure.ts'

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk there can only be read',
  ENOSPC: 'the disk there is full',
  EDQUOT: 'there is no room left for you',
}

/** Throws `CommandFailure` where no file can be at `target`, before anything is done. */
export function refuseImpossibleCopy(target: string): void {
  if (isDirectory(target)) throw new CommandFailure(`${target} is a directory; name a file in it`)
  const directory = dirname(target)
  if (!isDirectory(directory)) throw new CommandFailure(`there is no directory ${directory}; make it first`)
}

/** The failure in words about `target`; `null` for one that is about the account, which says its own cure. */
export function unwritableCopy(error: unknown, target: string): CommandFailure | null {
  if (!(error instanceof StorageError)) return null
  const { code, path } = (error.cause ?? {}) as { code?: unknown; path?: unknown }
  const isAboutTarget = typeof path === 'string' && path.startsWith(target)
  // A copy takes room nowhere else.
  const why = error.reason === 'storage_full' ? WORDS['ENOSPC'] : isAboutTarget ? WORDS[String(code)] : null
  if (why === null) return null
  return new CommandFailure(`${target} cannot be written: ${why ?? String(code)}`, { cause: error })
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

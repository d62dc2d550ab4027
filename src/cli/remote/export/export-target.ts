import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { syncPath } from '../../../storage/files/sync-path.ts'
import { CommandFailure } from '../../command-failure.ts'
import { isAlive } from '../connection/daemon-address.ts'

/** What file systems answer that have no hard links. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** What is behind the name of the file: the process that writes it. */
const DRAFT = /^(\d+)\.whatsappd\.tmp$/

/** Where an export goes. */
export interface ExportTarget {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  /** All is written: a file gets its name. */
  finish(): void
  /** Nothing of it is left; a file that was there before stays. Idempotent. */
  abandon(): void
}

/**
 * A file that only its owner can read, which has its name once it is complete and on disk. Throws `CommandFailure` where it exists and may
 * not be overwritten, and errors of the file system.
 */
export function fileTarget(file: string, { overwrite }: { overwrite: boolean }): ExportTarget {
  const path = resolve(file)
  if (!overwrite && existsSync(path)) throw existing(path)
  removeAbandonedDrafts(path)
  // Another export to the same place has a draft of its own.
  const draft = `${path}.${process.pid}.whatsappd.tmp`
  rmSync(draft, { force: true })
  const handle = openSync(draft, 'wx', 0o600)
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(handle)
    isOpen = false
  }
  return {
    write: async (text) => {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written)
    },
    finish: () => {
      fsyncSync(handle)
      close()
      try {
        if (overwrite) renameSync(draft, path)
        else giveName(draft, path)
      } finally {
        rmSync(draft, { force: true })
      }
      syncPath(dirname(path))
    },
    abandon: () => {
      close()
      rmSync(draft, { force: true })
    },
  }
}

/** What exports to this place left that were killed: texts of people, under a name that nobody looks for. */
function removeAbandonedDrafts(path: string): void {
  const beginning = `${basename(path)}.`
  for (const name of namesIn(dirname(path))) {
    const pid = name.startsWith(beginning) ? DRAFT.exec(name.slice(beginning.length))?.[1] : undefined
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(dirname(path), name), { force: true })
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // What is wrong with it is said when the draft is made.
    return []
  }
}

/** In one step, and never over what is there. A file system without links, as of a USB stick, leaves a moment between looking and naming. */
function giveName(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST') throw existing(path)
    if (typeof code !== 'string' || !WITHOUT_LINKS.has(code)) throw error
    if (existsSync(path)) throw existing(path)
    renameSync(draft, path)
  }
}

function existing(path: string): CommandFailure {
  return new CommandFailure(`${path} exists; --force overwrites it`)
}

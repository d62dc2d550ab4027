import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseKeyFileName } from './key-file-name.ts'

/** Baileys keeps some 800 one-time keys, and a few files for each person. */
export const MOST_FILES = 50_000
/** How many are looked at together. */
const TOGETHER = 64

export const CREDENTIALS_FILE = 'creds.json'
/** OpenClaw's copy of the last whole credentials. */
export const CREDENTIALS_BACKUP = 'creds.json.bak'

export interface KeyFile {
  name: string
  path: string
  /** Milliseconds since the epoch. */
  changedAt: number
  bytes: number
  isFile: boolean
}

/**
 * The credentials and keys in a directory, in the order of their names; what else lies there is left out. Never more than
 * `MOST_FILES` and one. Empty where the directory is gone; otherwise throws what the file system throws.
 */
export async function listKeyFiles(directory: string): Promise<KeyFile[]> {
  const names = (await readdir(directory).catch(noneWhenGone)).filter(isKeyFileName).toSorted()
  const files: KeyFile[] = []
  for (let start = 0; start < Math.min(names.length, MOST_FILES + 1); start += TOGETHER) {
    const found = names.slice(start, start + TOGETHER).map(async (name) => {
      const path = join(directory, name)
      // A key may be used up meanwhile, and its file removed.
      const facts = await stat(path).catch(() => null)
      return facts && { name, path, changedAt: facts.mtimeMs, bytes: facts.size, isFile: facts.isFile() }
    })
    for (const file of await Promise.all(found)) if (file !== null) files.push(file)
  }
  return files
}

/** The file that was changed last. */
export function lastChanged(files: readonly KeyFile[]): KeyFile | undefined {
  return files.reduce<KeyFile | undefined>(
    (last, file) => (last === undefined || file.changedAt > last.changedAt ? file : last),
    undefined,
  )
}

/** Whether Baileys, or OpenClaw around it, keeps something of a link under this name. */
export function isKeyFileName(name: string): boolean {
  return name === CREDENTIALS_FILE || name === CREDENTIALS_BACKUP || parseKeyFileName(name) !== null
}

function noneWhenGone(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}

import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A copy that nothing was written to for so long is one that was killed. */
const ABANDONED_MS = 60 * 60_000

/**
 * Where a copy is made before it gets the name `target`: a new name beside it, so that several copies to one place do not disturb each
 * other. What killed copies left there is removed; a file of SQLite's own may stand beside each. Throws of the file system.
 */
export function newCopyDraft(target: string): string {
  const directory = dirname(target)
  const beginning = `${basename(target)}.whatsappd.`
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(beginning)) continue
    const { mtimeMs = Date.now() } = statSync(join(directory, name), { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > ABANDONED_MS) rmSync(join(directory, name), { force: true })
  }
  return join(directory, `${beginning}${randomBytes(6).toString('hex')}.tmp`)
}

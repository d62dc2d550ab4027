import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What an account keeps in its directory: the database with its companions, the lock, and what tells Git to stay out. */
const OWN_FILES = /^(?:account\.db.*|lock\.db.*|owner\.json|id|\.gitignore)$/

/** Erases what an account has left: all of a directory that is ours, and only our files in one that somebody else chose. */
export function eraseDirectory(directory: string, isOurs: boolean): void {
  if (isOurs) return rmSync(directory, { recursive: true, force: true })
  for (const name of readdirSync(directory)) {
    if (OWN_FILES.test(name)) rmSync(join(directory, name), { force: true })
  }
  if (readdirSync(directory).length === 0) rmdirSync(directory)
}

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'
import type { LinkImporter } from '../../transports/link.ts'

/** Says that the link which lies in an account's directory was taken over: its keys are old from then on. */
const IMPORTED_MARK = 'account.db.imported'
/** The file of an account that began anew: it was in use beside what lies there. */
const DAMAGED_FILE = 'account.db.damaged'

/** Throws what the file system throws. */
export function markImported(directory: string): void {
  writePrivateFile(join(directory, IMPORTED_MARK), '')
}

/** For when nothing is left beside the mark that could be imported. */
export function removeImportedMark(directory: string): void {
  rmSync(join(directory, IMPORTED_MARK), { force: true })
}

export function isImportedMark(name: string): boolean {
  return name === IMPORTED_MARK
}

/**
 * Whether an account without a file has the link of another program in its directory that nobody has taken over yet. Keys that
 * were taken over before would make messages unreadable: they are imported only when a person says so on the command line.
 */
export function awaitsImport(directory: string, importer: LinkImporter): boolean {
  const wasInUse = [IMPORTED_MARK, DAMAGED_FILE].some((name) => existsSync(join(directory, name)))
  return !wasInUse && importer.holdsLink(directory)
}

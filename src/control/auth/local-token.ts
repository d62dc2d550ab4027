import { randomBytes } from 'node:crypto'
import { lstatSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import { refuseLooseDirectory } from '../../storage/files/private-directory.ts'
import { readPrivateFile } from '../../storage/files/read-private-file.ts'
import { StorageError, toStorageError } from '../../storage/storage-error.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'

const TOKEN_BYTES = 32
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/
const MAX_FILE_BYTES = 1_024
const LOOK_ACTION =
  'Make a new one: whatsappd token --rotate. Or, if no other user can have read it, chmod 600 it and give it to the user that runs the daemon.'
const WRITE_ACTION =
  'Check the disk and the permissions of the state directory, and run as the user that owns it.'

/**
 * The token of this sandbox: 256 random bits in `<state dir>/token`, 0600, made at the first start. Any program that can
 * read the file may do everything. Throws `DaemonError` (`storage_error`) when it is readable by others, somebody else's, not a
 * regular file with one name, or damaged.
 */
export function ensureLocalToken(stateDirectory: string): string {
  // Only the holder of the state directory's lock makes one.
  if (isLocalTokenMissing(stateDirectory)) replaceLocalToken(stateDirectory)
  return readLocalToken(stateDirectory)
}

/** Whether there is no file at the token's path. False where the directory cannot be read. */
export function isLocalTokenMissing(stateDirectory: string): boolean {
  try {
    return lstatSync(localTokenPath(stateDirectory), { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** Whether `text` has the form of a whole local token. */
export function isLocalToken(text: string): boolean {
  return TOKEN_PATTERN.test(text)
}

/** The token as the command line reads it. Throws like `ensureLocalToken`, and when there is none yet. */
export function readLocalToken(stateDirectory: string): string {
  const path = localTokenPath(stateDirectory)
  const text = read(path)
  if (text === null) {
    throw refused(`There is no token ${path} yet.`, 'The daemon makes one: start it with whatsappd run.')
  }
  const token = text.trim()
  if (isLocalToken(token)) return token
  throw refused(`${path} does not hold a token.`, 'Make a new one: whatsappd token --rotate.')
}

function read(path: string): string | null {
  try {
    return readPrivateFile(path, { maxBytes: MAX_FILE_BYTES })
  } catch (error) {
    const { reason, detail } = toStorageError(error, path)
    if (reason === 'storage_unreadable')
      throw refused(`${path} does not hold a token.`, 'Make a new one: whatsappd token --rotate.', error)
    // Our own check of mode and owner rejected it, not the disk.
    if (error instanceof StorageError && error.cause === undefined)
      throw refused(`${detail}.`, LOOK_ACTION, error)
    throw refused(
      `The token ${path} cannot be read.`,
      'Run as the user that owns the state directory.',
      error,
    )
  }
}

/** Replaces what is at the token's path with a new token. Throws `DaemonError` (`storage_error`). */
export function replaceLocalToken(stateDirectory: string): void {
  const path = localTokenPath(stateDirectory)
  try {
    refuseLooseDirectory(stateDirectory)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory() === true) rmdirSync(path)
    writePrivateFile(path, newTokenLine())
  } catch (error) {
    const why = error instanceof StorageError ? ` ${error.detail}.` : ''
    throw refused(`The token ${path} cannot be written.${why}`, WRITE_ACTION, error)
  }
}

function newTokenLine(): string {
  return `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`
}

/** Where the token's file is. */
export function localTokenPath(stateDirectory: string): string {
  return join(stateDirectory, 'token')
}

function refused(message: string, action: string, cause?: unknown): DaemonError {
  return new DaemonError('storage_error', { message, action, cause })
}

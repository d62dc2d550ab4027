import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../config/atomic-write.ts'
import { DaemonError } from '../protocol/errors.ts'

const TOKEN_BYTES = 32
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/
const LOOSE_BITS = 0o077
const WRITE_ACTION = 'Check the disk and the permissions of the state directory.'

/**
 * The token of this sandbox: 256 random bits in `<state dir>/token`, 0600, made at the first start. Whoever can read
 * the file may do everything. Throws `DaemonError` (`storage_error`) when it is readable by others, not a regular
 * file, or damaged.
 */
export function ensureLocalToken(stateDirectory: string): string {
  if (isLocalTokenMissing(stateDirectory)) createToken(localTokenPath(stateDirectory))
  return readLocalToken(stateDirectory)
}

/** Whether nothing stands in the token's place. A directory that cannot be looked into does not say so. */
export function isLocalTokenMissing(stateDirectory: string): boolean {
  try {
    return lstatSync(localTokenPath(stateDirectory), { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** Whether `text` has the form of a local token: no piece of one has. */
export function isLocalToken(text: string): boolean {
  return TOKEN_PATTERN.test(text)
}

/** The token as the command line reads it. Throws like `ensureLocalToken`, and when there is none yet. */
export function readLocalToken(stateDirectory: string): string {
  const path = localTokenPath(stateDirectory)
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) {
      throw refused(`There is no token ${path} yet.`, 'The daemon makes one: start it with whatsappd run.')
    }
    if (!stat.isFile())
      throw refused(`${path} is not a regular file.`, 'Make a new one: whatsappd token --rotate.')
    if ((stat.mode & LOOSE_BITS) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, '0')
      throw refused(
        `${path} has mode ${mode}, so others can read the token.`,
        'Make a new one: whatsappd token --rotate. Or chmod 600 it if nobody else has read it.',
      )
    }
    const token = readFileSync(path, 'utf8').trim()
    if (!isLocalToken(token)) {
      throw refused(`${path} does not hold a token.`, 'Make a new one: whatsappd token --rotate.')
    }
    return token
  } catch (error) {
    if (error instanceof DaemonError) throw error
    throw refused(
      `The token ${path} cannot be read.`,
      'Run as the user that owns the state directory.',
      error,
    )
  }
}

/** Puts a new token in the old one's place, also where that was damaged. Throws `DaemonError` (`storage_error`). */
export function replaceLocalToken(stateDirectory: string): void {
  const path = localTokenPath(stateDirectory)
  try {
    rmUnlessFile(path)
    writeAtomically(path, newTokenLine(), { mode: 0o600 })
  } catch (error) {
    throw refused(`The token ${path} cannot be written.`, WRITE_ACTION, error)
  }
}

/** What stands in the token's place and is none must not be followed to somewhere else. */
function rmUnlessFile(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat !== undefined && !stat.isFile()) rmSync(path)
}

function newTokenLine(): string {
  return `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`
}

/** Where the token's file is. */
export function localTokenPath(stateDirectory: string): string {
  return join(stateDirectory, 'token')
}

/** Appears whole or not at all, and never replaces one that another process made meanwhile. */
function createToken(path: string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(file, newTokenLine())
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    linkSync(temporary, path)
  } catch (error) {
    if (isExisting(error)) return
    throw refused(`The token ${path} cannot be written.`, WRITE_ACTION, error)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function refused(message: string, action: string, cause?: unknown): DaemonError {
  return new DaemonError('storage_error', { message, action, cause })
}

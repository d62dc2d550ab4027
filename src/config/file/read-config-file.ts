import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'

export type ConfigFileContent =
  | { kind: 'text'; text: string }
  /** Nothing exists at the path, not even a broken link. */
  | { kind: 'missing' }
  /** `why` is one clause for a person, without the path. */
  | { kind: 'unreadable'; code: 'unreadable' | 'too_large' | 'syntax'; why: string }

const MAX_FILE_BYTES = 1_048_576

/** The whole content of the file at `path`, which may be anything; never blocks on pipes and never throws. */
export function readConfigFile(path: string): ConfigFileContent {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return isMissing(path) ? { kind: 'missing' } : unreadable(error)
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return { kind: 'unreadable', code: 'unreadable', why: 'is not a file' }
    if (stat.size > MAX_FILE_BYTES) {
      return { kind: 'unreadable', code: 'too_large', why: 'is larger than 1 MiB' }
    }
    return decode(readFileSync(file))
  } catch (error) {
    return unreadable(error)
  } finally {
    closeSync(file)
  }
}

/** An edit writes the text back, so a byte that is no UTF-8 must not be replaced in silence. */
function decode(bytes: Uint8Array): ConfigFileContent {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { kind: 'unreadable', code: 'syntax', why: 'is not written in UTF-8' }
  }
}

function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    // A directory on the way that is a file, or may not be entered.
    return false
  }
}

function unreadable(error: unknown): ConfigFileContent {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return { kind: 'unreadable', code: 'unreadable', why: `cannot be read (${code})` }
}

import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** How long a replacement may be under way: a file is emptied, written in pieces, or deleted and written anew. */
const REPLACEMENT_MS = 200
/** A permission that is missing for longer than this was taken away. */
const DENIED_MS = 10_000
const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP']
const DENIED: readonly string[] = ['EACCES', 'EPERM']

export interface KeptSecretOptions {
  path: string
  /** Reads the file. Throws when there is no secret in it. */
  read: () => string
  /** Whether what `read` returned can be no piece of a secret; never by default. */
  isWhole?: (value: string) => boolean
  /** Milliseconds of a clock that never goes back. */
  now: () => number
}

/**
 * A secret that a file holds. Once read it stays in force over an error that says nothing about the file (no descriptor
 * left, an input/output error, a permission that is missing for less than ten seconds) and while the file is being
 * replaced. A deletion, a replacement or damage that lasts counts a fifth of a second later at most.
 */
export class KeptSecret {
  readonly #options: KeptSecretOptions
  #value: string | null = null
  #doubtedSinceMs: number | null = null
  #passingError: Error | null = null

  constructor(options: KeptSecretOptions) {
    this.#options = options
  }

  /** Why the file could not be read the last time although its secret stayed in force; `null` when it could. */
  get passingError(): Error | null {
    return this.#passingError
  }

  /** The secret in force. Throws what `read` throws when there is none. */
  read(): string {
    let value: string
    try {
      value = this.#options.read()
    } catch (error) {
      if (this.#value === null || !this.#isPassing(error)) {
        this.forget()
        throw error
      }
      // Only what the system reports passes, and that is an error.
      this.#passingError = error instanceof Error ? error : null
      return this.#value
    }
    this.#passingError = null
    const isSettled =
      this.#value === null ||
      value === this.#value ||
      this.#options.isWhole?.(value) === true ||
      !this.#isUnderWay()
    if (!isSettled) return this.#value ?? value
    this.#doubtedSinceMs = null
    this.#value = value
    return value
  }

  /** What was read counts no longer. */
  forget(): void {
    this.#value = null
    this.#doubtedSinceMs = null
    this.#passingError = null
  }

  #isPassing(error: unknown): boolean {
    const code = systemCodeOf(error)
    // Without a descriptor not even a file that is gone can be asked for.
    const isGone = code !== null && (GONE.includes(code) || isMissing(this.#options.path))
    if (code === null || isGone) return this.#isUnderWay()
    return !DENIED.includes(code) || this.#doubtedForMs() < DENIED_MS
  }

  /** A file that was touched this very moment may be in the middle of its replacement. */
  #isUnderWay(): boolean {
    if (this.#doubtedForMs() >= REPLACEMENT_MS) return false
    const changedAt = changedAtMs(this.#options.path)
    return changedAt !== null && Math.abs(Date.now() - changedAt) < REPLACEMENT_MS
  }

  #doubtedForMs(): number {
    const now = this.#options.now()
    this.#doubtedSinceMs ??= now
    return now - this.#doubtedSinceMs
  }
}

/** The code of the system's error, also where another error wraps it; `null` when the system reported none. */
function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('errno' in error && 'code' in error) return String(error.code)
  return systemCodeOf(error.cause)
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** When the file changed last; for one that is gone, when something in its directory did. */
function changedAtMs(path: string): number | null {
  try {
    const file = statSync(path, { throwIfNoEntry: false })
    if (file !== undefined) return file.ctimeMs
    return statSync(dirname(path), { throwIfNoEntry: false })?.mtimeMs ?? null
  } catch {
    return null
  }
}

import type { Logger } from 'pino'
import type { SecretReference } from '../model.ts'
import { KeptSecret } from './kept-secret.ts'
import { resolveSecret } from './resolve-secret.ts'

/** More files than a config can name. */
const MAX_FILES = 256

export interface SecretReaderDependencies {
  env: NodeJS.ProcessEnv
  logger: Logger
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/** Reads the secrets that the config refers to; one of a file stays in force over a passing error of the disk. */
export class SecretReader {
  readonly #dependencies: SecretReaderDependencies
  /** By path, the one that was asked for longest ago first. */
  readonly #files = new Map<string, KeptSecret>()
  /** Paths whose passing error was logged. */
  readonly #complaints = new Set<string>()

  constructor(dependencies: SecretReaderDependencies) {
    this.#dependencies = dependencies
  }

  /** The secret behind a reference as it is now. Throws an `Error` that names the place and never the value. */
  read(reference: SecretReference): string {
    if (!('file' in reference)) return resolveSecret(reference, this.#dependencies.env)
    const kept = this.#keptFile(reference)
    try {
      return kept.read()
    } finally {
      this.#complain(reference, kept.passingError)
    }
  }

  #keptFile(reference: { file: string }): KeptSecret {
    const { env, now = () => performance.now() } = this.#dependencies
    const path = reference.file
    const kept =
      this.#files.get(path) ?? new KeptSecret({ path, read: () => resolveSecret(reference, env), now })
    this.#files.delete(path)
    this.#files.set(path, kept)
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= MAX_FILES) break
      this.#files.delete(oldest)
      this.#complaints.delete(oldest)
    }
    return kept
  }

  /** Once for each time that it begins, although some files are read twice a second. */
  #complain({ file: path, written }: { file: string; written?: string }, error: Error | null): void {
    if (error === null) {
      this.#complaints.delete(path)
      return
    }
    if (this.#complaints.has(path)) return
    this.#complaints.add(path)
    this.#dependencies.logger.warn(
      { err: error, path: written ?? path },
      'a secret file cannot be read at the moment: what it held before stays in force',
    )
  }
}

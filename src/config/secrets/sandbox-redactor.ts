import { existsSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { homeDirectory } from '../../storage/files/home-directory.ts'
import { Redactor } from '../../text/redaction/redactor.ts'
import type { Config } from '../model.ts'
import type { SecretReader } from './secret-reader.ts'
import { secretReferences, secretValues } from './secret-values.ts'

/** An agent's directory may be made, or a link there may be changed, while the config stays the same. */
const DIRECTORIES_HOLD_MS = 10_000

export interface SandboxRedactorDeps {
  /** The same object while it is the same config. */
  config: () => Config
  configPath: () => string
  stateDirectory: string
  env: NodeJS.ProcessEnv
  secrets: Pick<SecretReader, 'read'>
  /** Where the agents of this config work. */
  agentDirectories: (config: Config) => readonly string[]
  /** The token that allows everything; `null` while there is none. */
  localToken: () => string | null
  /** What accounts were connected with, and no config refers to. */
  connectedSecrets: () => readonly string[]
  isOwnToken: (text: string) => boolean
  /** In milliseconds; never goes back. */
  clock?: () => number
}

/**
 * What finds the paths and secrets of this sandbox, as they are now: the state directory, those of the accounts, the config file and its
 * directory, the home directory, those of the agents, each also without symbolic links; what the config refers to as secrets, and the
 * daemon's own tokens. What such a value or a variable has of a path that is here counts as a path.
 */
export class SandboxRedactor {
  readonly #deps: SandboxRedactorDeps
  #references: { config: Config; found: ReturnType<typeof secretReferences> } | null = null
  #directories: { config: Config; until: number; found: readonly string[] } | null = null
  #made: { paths: readonly string[]; secrets: readonly string[]; redactor: Redactor } | null = null

  constructor(deps: SandboxRedactorDeps) {
    this.#deps = deps
  }

  /** Files of secrets are read again; what finds is made anew only where something is another. */
  get current(): Redactor {
    const { isOwnToken, localToken, connectedSecrets } = this.#deps
    const config = this.#deps.config()
    const { variables = {} } = config
    const values = secretValues(this.#referencesIn(config), variables, (reference) =>
      this.#deps.secrets.read(reference),
    )
    const given = new Set([...values, ...Object.values(variables)].filter(isPath))
    const paths = [...this.#pathsOf(config), ...[...given].flatMap(withRealPath)]
    const secrets = [
      ...values.filter((value) => !given.has(value)),
      localToken() ?? '',
      ...connectedSecrets(),
    ]
    const made = this.#made
    if (made !== null && isDeepStrictEqual([made.paths, made.secrets], [paths, secrets])) return made.redactor
    const redactor = new Redactor({ paths, secrets, isOwnToken })
    this.#made = { paths, secrets, redactor }
    return redactor
  }

  #referencesIn(config: Config): ReturnType<typeof secretReferences> {
    if (this.#references?.config !== config) this.#references = { config, found: secretReferences(config) }
    return this.#references.found
  }

  #pathsOf(config: Config): readonly string[] {
    const { configPath, stateDirectory, env, agentDirectories, clock = () => performance.now() } = this.#deps
    const known = this.#directories
    if (known?.config === config && clock() < known.until) return known.found
    const home = homeDirectory(env)
    const accounts = Object.values(config.accounts).flatMap(({ authDir }) => authDir ?? [])
    const file = configPath()
    const directories = [stateDirectory, dirname(file), ...accounts, ...agentDirectories(config)]
    const found = [...directories, file, ...(home === null ? [] : [home])].flatMap(withRealPath)
    this.#directories = { config, until: clock() + DIRECTORIES_HOLD_MS, found }
    return found
  }
}

/** A key in Base64 may begin with a slash, too: only what is there is a path. */
function isPath(value: string): boolean {
  return /^\/[^\r\n\0:]*$/.test(value) && existsSync(value)
}

function withRealPath(path: string): string[] {
  try {
    return [path, realpathSync(path)]
  } catch {
    return [path]
  }
}

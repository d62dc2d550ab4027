import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { accountNotFound } from '../protocol/account-not-found.ts'
import type { ConfigProblem } from '../protocol/events.ts'
import { changedPaths } from './changed-paths.ts'
import { ConfigError } from './config-error.ts'
import type {
  AccountEditResult,
  Config,
  ConfigEditor,
  ConfigSource,
  EditOptions,
  EditResult,
  UpdateOptions,
  UpdateResult,
} from './config.ts'
import { createAccountEdit, removeAccountEdit } from './edit-accounts.ts'
import { type AllowFromEdit, allowFromEdit } from './edit-allow-from.ts'
import { enabledEdit } from './edit-enabled.ts'
import { applyEdit } from './edit-file.ts'
import { type SettingChange, settingsEdit } from './edit-settings.ts'
import type { FileEdit } from './file-edit.ts'
import { findConfigFile } from './find-config-file.ts'
import { LastValid } from './last-valid.ts'
import { type ConfigFileContent, readConfigFile } from './read-config-file.ts'
import { resolveConfig, revisionOf } from './resolve.ts'
import { FileWatch } from './watch.ts'

export interface ConfigServiceOptions {
  configPath?: string | undefined
  stateDir: string
  env: NodeJS.ProcessEnv
  logger: Logger
}

type AppliedListener = (config: Config, changed: readonly string[]) => void
type RejectedListener = (problem: ConfigProblem) => void

/** What cannot be used may be a save under way: it is rejected when it still stands like that after this long. */
const TORN_WRITE_MS = 100
/** File systems tell times in steps: a change so young may hide another one of the same size behind it. */
const YOUNG_CHANGE_MS = 2_000

/**
 * The config in force: the last valid content of the file, followed live. A file that is missing, unreadable, torn or
 * wrong never changes what is in force; at a start without any valid file nobody is let in.
 */
export class ConfigService implements ConfigSource, ConfigEditor {
  /** Absolute. */
  readonly path: string
  readonly #options: ConfigServiceOptions
  readonly #lastValid: LastValid
  readonly #watch: FileWatch
  readonly #applied = new Set<AppliedListener>()
  readonly #rejected = new Set<RejectedListener>()
  #current: Config
  #problems: readonly ConfigProblem[] = []
  /** What was judged last, in force or rejected. */
  #judged: ConfigFileContent | null = null
  /** What must stand still for a while before it is rejected. */
  #suspect: ConfigFileContent | null = null
  #suspectTimer: NodeJS.Timeout | undefined
  #stamp = ''

  constructor(options: ConfigServiceOptions) {
    this.#options = options
    this.path = findConfigFile(options)
    this.#lastValid = new LastValid(options.stateDir, this.path)
    this.#current = this.#closed()
    this.#watch = new FileWatch({
      path: this.path,
      look: () => this.#look(),
      failed: (error) => options.logger.warn({ err: error }, 'the config watcher failed; it is armed again'),
    })
  }

  get current(): Config {
    return this.#current
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems
  }

  /** Loads the file, or what was valid last, and follows it. Throws only what the watcher throws. */
  async start(): Promise<void> {
    const content = readConfigFile(this.path)
    try {
      this.#take(this.#textOf(content))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#startWithout(content, error)
    }
    await this.#watch.start()
    // What was saved between the first look and the armed watcher.
    this.#look()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#trust()
    await this.#watch.stop()
    this.#applied.clear()
    this.#rejected.clear()
  }

  onApplied(listener: AppliedListener): () => void {
    this.#applied.add(listener)
    return () => this.#applied.delete(listener)
  }

  onRejected(listener: RejectedListener): () => void {
    this.#rejected.add(listener)
    return () => this.#rejected.delete(listener)
  }

  addAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#editAllowFrom('add', numbers, options)
  }

  removeAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#editAllowFrom('remove', numbers, options)
  }

  setAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#editAllowFrom('set', numbers, options)
  }

  async setEnabled(enabled: boolean, options: EditOptions = {}): Promise<EditResult> {
    const account = this.#accountOf(options)
    this.#edit(enabledEdit(account, enabled), options)
    return this.#resultFor(account)
  }

  async update(changes: readonly SettingChange[], options: UpdateOptions = {}): Promise<UpdateResult> {
    this.#look()
    const before = this.#current
    this.#edit(settingsEdit(changes, options.confirm ?? []), options)
    return { revision: this.#current.revision, changed: changedPaths(before, this.#current) }
  }

  async createAccount(
    id: string,
    name: string | null,
    options: EditOptions = {},
  ): Promise<AccountEditResult> {
    return { changed: this.#edit(createAccountEdit(id, name), options), revision: this.#current.revision }
  }

  async removeAccount(id: string, options: EditOptions = {}): Promise<AccountEditResult> {
    const account = this.#accountOf({ account: id })
    return { changed: this.#edit(removeAccountEdit(account), options), revision: this.#current.revision }
  }

  async #editAllowFrom(
    kind: AllowFromEdit['kind'],
    numbers: string[],
    options: EditOptions = {},
  ): Promise<EditResult> {
    const account = this.#accountOf(options)
    this.#edit(allowFromEdit({ kind, account, numbers }), options)
    return this.#resultFor(account)
  }

  /** Looks at the file first, so that a save of a moment ago counts. */
  #accountOf({ account }: EditOptions): string {
    this.#look()
    const id = account ?? this.#current.defaultAccount
    if (this.#current.accounts[id] !== undefined) return id
    throw accountNotFound(id, Object.keys(this.#current.accounts))
  }

  #resultFor(account: string): EditResult {
    const { revision, accounts } = this.#current
    return { revision, allowFrom: [...(accounts[account]?.access.allowFrom ?? [])] }
  }

  /** Whether the file was changed. */
  #edit(edit: FileEdit, { revision }: { revision?: string | undefined }): boolean {
    this.#look()
    const text = applyEdit({
      path: this.path,
      edit,
      revision,
      current: this.#current,
      problems: this.#problems,
      resolve: (edited) => this.#resolve(edited),
    })
    if (text !== null) this.#accept(text)
    return text !== null
  }

  /** Looks at the file, cheaply when nothing about it moved. */
  #look(): void {
    const [stamp, isYoung] = this.#stampOf()
    if (stamp === this.#stamp && !isYoung && this.#suspect === null) return
    this.#stamp = stamp
    const content = readConfigFile(this.path)
    if (isDeepStrictEqual(content, this.#judged)) return this.#trust()
    try {
      this.#accept(this.#textOf(content))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#doubt(content, error)
    }
  }

  /** Half a file is no file: only what stands still is called wrong. */
  #doubt(content: ConfigFileContent, error: ConfigError): void {
    if (isDeepStrictEqual(content, this.#suspect)) return
    this.#trust()
    this.#suspect = content
    this.#suspectTimer = setTimeout(() => {
      const now = readConfigFile(this.path)
      if (!isDeepStrictEqual(now, content)) return this.#look()
      this.#trust()
      this.#reject(content, error)
    }, TORN_WRITE_MS)
  }

  #trust(): void {
    clearTimeout(this.#suspectTimer)
    this.#suspect = null
  }

  /** Throws `ConfigError`, and has changed nothing then. */
  #accept(text: string): void {
    const before = this.#current
    const hadProblems = this.#problems.length > 0
    this.#take(text)
    if (before.revision === this.#current.revision && !hadProblems) return
    const changed = changedPaths(before, this.#current)
    this.#tell(this.#applied, (listener) => listener(this.#current, changed))
  }

  #take(text: string): void {
    this.#current = this.#resolve(text)
    this.#trust()
    this.#problems = []
    this.#judged = { kind: 'text', text }
    try {
      this.#lastValid.write(text)
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the last valid config could not be kept in the state dir')
    }
  }

  #reject(content: ConfigFileContent, error: ConfigError): void {
    this.#judged = content
    this.#problems = error.problems
    const [problem] = error.problems
    this.#options.logger.warn(
      { file: this.path, code: problem.code, path: problem.path, line: problem.line, column: problem.column },
      'the config file is invalid; the last valid one stays in force',
    )
    this.#tell(this.#rejected, (listener) => listener(problem))
  }

  /** One listener that fails keeps no other from hearing of it. */
  #tell<Listener>(listeners: ReadonlySet<Listener>, call: (listener: Listener) => void): void {
    for (const listener of listeners) {
      try {
        call(listener)
      } catch (error) {
        this.#options.logger.error({ err: error }, 'a listener of the config failed')
      }
    }
  }

  /** No valid file at the start: what was valid last, or a config that lets nobody in. */
  #startWithout(content: ConfigFileContent, error: ConfigError): void {
    const last = this.#lastValid.read()
    // A file that never existed is how everybody starts: nothing is wrong with that.
    if (content.kind === 'missing' && last === null) this.#judged = content
    else this.#reject(content, error)
    if (last === null) return
    try {
      this.#current = this.#resolve(last)
    } catch (broken) {
      this.#options.logger.error(
        { err: broken },
        'the kept copy of the config is damaged too: nobody is let in',
      )
    }
  }

  /** Throws nothing but `ConfigError`: a file that we stumble over must not stop the daemon, nor its next start. */
  #resolve(text: string): Config {
    try {
      return resolveConfig(text, { directory: dirname(this.path), env: this.#options.env })
    } catch (error) {
      if (error instanceof ConfigError) throw error
      this.#options.logger.error({ err: error }, 'the config could not be read because of an internal error')
      const message = 'The config file could not be read because of an internal error; the log says more.'
      throw new ConfigError([{ code: 'internal', path: '', line: null, column: null, message }])
    }
  }

  /** What is in force while there has never been a file. */
  #closed(): Config {
    return { ...this.#resolve('{}'), revision: revisionOf('') }
  }

  /** Throws `ConfigError` for what has no text. */
  #textOf(content: ConfigFileContent): string {
    if (content.kind === 'text') return content.text
    const [code, why] =
      content.kind === 'missing' ? ['unreadable', 'is missing'] : [content.code, content.why]
    const message = `The config file ${this.path} ${why}; the last valid one stays in force.`
    throw new ConfigError([{ code, path: '', line: null, column: null, message }])
  }

  /** What changes whenever the file does, and whether it is too young to be trusted. */
  #stampOf(): [stamp: string, isYoung: boolean] {
    try {
      const { dev, ino, size, mtimeMs, ctimeMs } = statSync(this.path)
      return [`${dev}/${ino}/${size}/${mtimeMs}/${ctimeMs}`, Date.now() - ctimeMs < YOUNG_CHANGE_MS]
    } catch {
      return ['missing', false]
    }
  }
}

import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { DaemonError } from '../protocol/errors.ts'
import type { ConfigProblem } from '../protocol/events.ts'
import { changedPaths } from './changed-paths.ts'
import { ConfigError } from './config-error.ts'
import type { Config, ConfigEditor, ConfigSource, EditOptions, EditResult } from './config.ts'
import { applyEdit, type ListEdit } from './edit-file.ts'
import { findConfigFile } from './find-config-file.ts'
import { LastValid } from './last-valid.ts'
import { resolveConfig } from './resolve.ts'
import { FileWatch } from './watch.ts'

export interface ConfigServiceOptions {
  configPath?: string | undefined
  stateDir: string
  env: NodeJS.ProcessEnv
  logger: Logger
}

type AppliedListener = (config: Config, changed: readonly string[]) => void
type RejectedListener = (problem: ConfigProblem) => void

/** A file that fails to parse may be half written: it is rejected when it still stands like that after this long. */
const TORN_WRITE_MS = 100

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
  /** The content that was judged last; `null` when the file could not be read. */
  #seen: string | null | undefined
  #stamp = ''
  #tornTimer: NodeJS.Timeout | undefined

  constructor(options: ConfigServiceOptions) {
    this.#options = options
    this.path = findConfigFile(options)
    this.#lastValid = new LastValid(options.stateDir)
    this.#current = this.#resolve('')
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
    const text = this.#read()
    try {
      if (text === null) throw new ConfigError([this.#unreadable()])
      this.#take(text)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#startWithout(text, error)
    }
    await this.#watch.start()
    // What was saved between the first look and the armed watcher.
    this.#look()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    clearTimeout(this.#tornTimer)
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
    return this.#edit({ kind: 'add', numbers }, options)
  }

  removeAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit({ kind: 'remove', numbers }, options)
  }

  setAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit({ kind: 'set', numbers }, options)
  }

  setEnabled(enabled: boolean, options?: EditOptions): Promise<EditResult> {
    return this.#edit({ kind: 'enabled', enabled }, options)
  }

  async #edit(edit: ListEdit, options: EditOptions = {}): Promise<EditResult> {
    const account = options.account ?? this.#current.defaultAccount
    if (this.#current.accounts[account] === undefined) {
      throw new DaemonError('account_not_found', { details: { account } })
    }
    this.#look()
    const text = applyEdit({
      path: this.path,
      edit,
      account,
      revision: options.revision,
      current: this.#current,
      problems: this.#problems,
      resolve: (edited) => this.#resolve(edited),
    })
    this.#accept(text)
    const { revision, accounts } = this.#current
    return { revision, allowFrom: [...(accounts[account]?.access.allowFrom ?? [])] }
  }

  /** Looks at the file, cheaply when nothing about it moved. */
  #look(): void {
    const stamp = this.#stampOf()
    if (stamp === this.#stamp && this.#tornTimer === undefined) return
    this.#stamp = stamp
    const text = this.#read()
    if (text === this.#seen) return
    if (text === null) {
      this.#reject(new ConfigError([this.#unreadable()]))
      this.#seen = null
      return
    }
    this.#judge(text)
  }

  #judge(text: string): void {
    try {
      this.#resolveFile(text)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#judgeAgain(text, error)
      return
    }
    this.#accept(text)
  }

  /** Half a file is no file: only what stands still is called wrong. */
  #judgeAgain(text: string, error: ConfigError): void {
    clearTimeout(this.#tornTimer)
    this.#tornTimer = setTimeout(() => {
      this.#tornTimer = undefined
      const now = this.#read()
      if (now !== text) {
        this.#stamp = ''
        this.#look()
        return
      }
      this.#seen = text
      this.#reject(error)
    }, TORN_WRITE_MS)
  }

  #accept(text: string): void {
    clearTimeout(this.#tornTimer)
    this.#tornTimer = undefined
    const before = this.#current
    const hadProblems = this.#problems.length > 0
    this.#take(text)
    const changed = changedPaths(before, this.#current)
    if (before.revision === this.#current.revision && !hadProblems) return
    for (const listener of this.#applied) listener(this.#current, changed)
  }

  #take(text: string): void {
    this.#current = this.#resolveFile(text)
    this.#problems = []
    this.#seen = text
    this.#stamp = this.#stampOf()
    try {
      this.#lastValid.write(text)
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the last valid config could not be kept in the state dir')
    }
  }

  #reject(error: ConfigError): void {
    this.#problems = error.problems
    const [problem] = error.problems
    this.#options.logger.warn(
      { code: problem.code, line: problem.line },
      'the config file is invalid; the last valid one stays in force',
    )
    for (const listener of this.#rejected) listener(problem)
  }

  /** No valid file at the start: what was valid last, or a config that lets nobody in. */
  #startWithout(text: string | null, error: ConfigError): void {
    this.#seen = text
    const last = this.#lastValid.read()
    // A file that never existed is how everybody starts: nothing is wrong with that.
    if (text !== null || last !== null) this.#reject(error)
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

  /** The content of a file. One that holds nothing is being written, or was lost: it is no wish to let nobody in. */
  #resolveFile(text: string): Config {
    if (text.trim() === '') {
      const message = `The config file ${this.path} is empty; the last valid one stays in force.`
      throw new ConfigError([{ code: 'empty', path: '', line: null, column: null, message }])
    }
    return this.#resolve(text)
  }

  #resolve(text: string): Config {
    return resolveConfig(text, { directory: dirname(this.path), env: this.#options.env })
  }

  #read(): string | null {
    try {
      return readFileSync(this.path, 'utf8')
    } catch {
      return null
    }
  }

  #stampOf(): string {
    try {
      const { ino, size, mtimeMs, ctimeMs } = statSync(this.path)
      return `${ino}/${size}/${mtimeMs}/${ctimeMs}`
    } catch {
      return 'missing'
    }
  }

  #unreadable(): ConfigProblem {
    const message = `The config file ${this.path} is missing or cannot be read; the last valid one stays in force.`
    return { code: 'unreadable', path: '', line: null, column: null, message }
  }
}

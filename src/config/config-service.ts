import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { accountNotFound } from '../protocol/account/account-not-found.ts'
import type { ConfigProblem } from '../protocol/config/config-problem.ts'
import { SerialWork } from '../timing/serial-work.ts'
import { ConfigInForce } from './config-in-force.ts'
import type { AllowFromEdit } from './edit/edit-allow-from.ts'
import { type EditRequest, tooManyEdits } from './edit/edit-request.ts'
import type { SettingChange } from './edit/edit-settings.ts'
import { performEdit } from './edit/perform-edit.ts'
import type { EvaluatedText } from './evaluation/evaluation.ts'
import { Evaluator } from './evaluation/evaluator.ts'
import { EditJournal } from './file/edit-journal.ts'
import { FileState } from './file/file-state.ts'
import { findConfigFile } from './file/find-config-file.ts'
import { LastValid } from './file/last-valid.ts'
import { type ConfigContent, readConfigContent } from './file/read-config-content.ts'
import { type ConfigText, lengthOf } from './include/config-text.ts'
import type { ConnectorTable } from './settings/connector-settings.ts'
import { FileWatch } from './file/watch.ts'
import type {
  AccountEditResult,
  Config,
  ConfigEditor,
  ConfigSource,
  DaemonConfig,
  EditOptions,
  EditResult,
  UpdateOptions,
  UpdateResult,
} from './model.ts'
import { ConfigError } from './problems/config-error.ts'
import { replacedOutside } from './problems/replaced-outside.ts'
import { resolveConfig, type ResolveContext, revisionOf } from './read/resolve.ts'

export interface ConfigServiceOptions {
  configPath?: string | undefined
  stateDir: string
  env: NodeJS.ProcessEnv
  connectors: ConnectorTable
  logger: Logger
  /** `false`: the log does not warn of an account without an assistant. The default is `true`. */
  wantsAssistant?: boolean
}

/**
 * The config in force: the last valid content of the file, followed live. A file that is missing, unreadable, torn or
 * wrong never changes what is in force; at a start without any valid file nobody is allowed.
 */
export class ConfigService implements ConfigSource, ConfigEditor {
  /** Absolute. */
  readonly path: string
  readonly #options: ConfigServiceOptions
  readonly #lastValid: LastValid
  readonly #inForce: ConfigInForce
  readonly #file: FileState
  readonly #watch: FileWatch
  readonly #journal: EditJournal
  readonly #evaluator: Evaluator
  /** Checks of the file and edits, one after the other. */
  readonly #work = new SerialWork(tooManyEdits)
  #isCheckScheduled = false
  #stopped = false

  constructor(options: ConfigServiceOptions) {
    const { stateDir, logger } = options
    this.#options = options
    this.path = findConfigFile(options)
    this.#lastValid = new LastValid(stateDir, this.path, logger)
    this.#inForce = new ConfigInForce(this.#closed(), {
      lastValid: this.#lastValid,
      logger,
      path: this.path,
      wantsAssistant: options.wantsAssistant ?? true,
    })
    this.#file = new FileState(this.path, options.env)
    this.#journal = new EditJournal(stateDir, this.path)
    this.#evaluator = new Evaluator(logger, options.connectors)
    this.#watch = new FileWatch({
      paths: () => [this.path, ...this.#file.includedPaths],
      look: () => this.#scheduleCheck(),
      isSettled: () => this.#file.isSettled,
      isMountedAlone: () => this.#file.mount.isFile(),
      failed: (error) => logger.warn({ err: error }, 'the config watcher failed; it is armed again'),
    })
  }

  get current(): Config {
    return this.#inForce.current
  }

  /** The section of the process as it applies: what needs a restart stays as it was at the start. */
  get running(): DaemonConfig {
    return this.#inForce.running
  }

  get needsRestart(): readonly string[] {
    return this.#inForce.needsRestart
  }

  get fileLength(): number {
    const { judged } = this.#file
    return judged?.kind === 'text' ? lengthOf(judged) : 0
  }

  get problems(): readonly ConfigProblem[] {
    return this.#inForce.problems
  }

  /** Finishes an edit that a crash interrupted. Before `start`, and only in the one process that edits the file. Never throws. */
  repair(): void {
    const { logger } = this.#options
    try {
      if (this.#journal.repair())
        logger.warn({ file: this.path }, 'an interrupted edit of the config file was finished')
    } catch (error) {
      logger.error({ err: error }, 'an interrupted edit of the config file could not be finished')
    }
  }

  /** Loads the file, or what was valid last, and follows it. Throws only what the watcher throws. */
  async start(): Promise<void> {
    const content = readConfigContent(this.path, this.#options.env)
    try {
      const evaluated = await this.#evaluate(this.#filesOf(content))
      this.#file.setJudged(content)
      await this.#inForce.load(evaluated)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      await this.#startWithLastValid(content, error)
    }
    this.#inForce.begin()
    await this.#watch.start()
    // What was saved between the first look and the armed watcher.
    await this.#work.run(() => this.#checkFile())
  }

  /** Looks at the file now. Never throws; what is in force afterwards is told as for every change. */
  readAgain(): void {
    this.#scheduleCheck()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#file.clearSuspect()
    await this.#watch.stop()
    await this.#evaluator.stop()
    await this.#work.settled()
    this.#file.clearSuspect()
    this.#inForce.removeListeners()
  }

  onApplied(listener: (config: Config, changed: readonly string[]) => void): () => void {
    return this.#inForce.onApplied(listener)
  }

  onRejected(listener: (problem: ConfigProblem) => void): () => void {
    return this.#inForce.onRejected(listener)
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

  setEnabled(enabled: boolean, options: EditOptions = {}): Promise<EditResult> {
    return this.#edit(async () => {
      const account = this.#accountOf(options)
      await this.#perform({ edit: 'enabled', request: { account, enabled } }, options)
      return this.#resultFor(account)
    })
  }

  update(changes: readonly SettingChange[], options: UpdateOptions = {}): Promise<UpdateResult> {
    return this.#edit(async () => {
      const confirmed = options.confirm ?? []
      const done = await this.#perform({ edit: 'settings', request: { changes, confirmed } }, options)
      return { revision: this.current.revision, changed: done?.changed ?? [] }
    })
  }

  createAccount(id: string, name: string | null, options: EditOptions = {}): Promise<AccountEditResult> {
    return this.#edit(async () => {
      const done = await this.#perform({ edit: 'createAccount', request: { id, name } }, options)
      return { changed: done !== null, revision: this.current.revision }
    })
  }

  removeAccount(id: string, options: EditOptions = {}): Promise<AccountEditResult> {
    return this.#edit(async () => {
      const account = this.#accountOf({ account: id })
      const done = await this.#perform({ edit: 'removeAccount', request: { account } }, options)
      return { changed: done !== null, revision: this.current.revision }
    })
  }

  #editAllowFrom(
    kind: AllowFromEdit['kind'],
    numbers: string[],
    options: EditOptions = {},
  ): Promise<EditResult> {
    return this.#edit(async () => {
      const account = this.#accountOf(options)
      await this.#perform({ edit: 'allowFrom', request: { kind, account, numbers } }, options)
      return this.#resultFor(account)
    })
  }

  /** Checks the file first, so that a save of a moment ago counts. */
  #edit<Result>(edit: () => Promise<Result>): Promise<Result> {
    return this.#work.run(async () => {
      await this.#checkFile()
      return edit()
    })
  }

  /** The edit is on disk and in force when this resolves; `null` when nothing had to change. */
  async #perform(
    edit: EditRequest,
    { revision }: { revision?: string | undefined },
  ): Promise<EvaluatedText | null> {
    const { current, problems } = this
    const context = this.#context
    const edited = await performEdit({
      place: { path: this.path, journal: this.#journal, mount: this.#file.mount, env: this.#options.env },
      edit,
      revision,
      current,
      problems,
      plan: (input) => this.#evaluator.run({ kind: 'plan', ...input, current, context }),
    })
    if (edited !== null) await this.#putInForce(edited)
    return edited
  }

  #accountOf({ account }: EditOptions): string {
    const { accounts, defaultAccount } = this.current
    const id = account ?? defaultAccount
    if (accounts[id] !== undefined) return id
    throw accountNotFound(id, Object.keys(accounts))
  }

  #resultFor(account: string): EditResult {
    const { revision, accounts } = this.current
    return { revision, allowFrom: [...(accounts[account]?.access.allowFrom ?? [])] }
  }

  /** One check is enough for every change before it. */
  #scheduleCheck(): void {
    if (this.#isCheckScheduled) return
    this.#isCheckScheduled = true
    this.#runInBackground(() => {
      this.#isCheckScheduled = false
      return this.#checkFile()
    })
  }

  #runInBackground(job: () => Promise<void>): void {
    this.#work
      .run(job)
      .catch((error: unknown) =>
        this.#options.logger.error({ err: error }, 'the config could not be followed'),
      )
  }

  /** Puts the content of the file in force where it has changed, or holds it as a suspect. */
  async #checkFile(): Promise<void> {
    if (this.#stopped) return
    const change = this.#file.check()
    if (change.kind === 'none') return
    if (change.kind === 'replacedOutside') return this.#rejectReplaced()
    const { content } = change
    try {
      await this.#putInForce(await this.#evaluate(this.#filesOf(content)))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      if (this.#stopped) return
      this.#file.holdSuspect(content, () => this.#runInBackground(() => this.#judgeSuspect(content, error)))
    }
  }

  async #judgeSuspect(content: ConfigContent, error: ConfigError): Promise<void> {
    if (this.#stopped) return
    const suspicion = this.#file.suspicionOf(content)
    if (suspicion === 'superseded') return
    if (suspicion === 'changed') return this.#checkFile()
    this.#reject(content, error)
  }

  async #putInForce(evaluated: EvaluatedText): Promise<void> {
    this.#file.setJudged({ kind: 'text', ...evaluated.content })
    await this.#inForce.apply(evaluated)
  }

  #reject(content: ConfigContent, { problems }: ConfigError): void {
    this.#file.setJudged(content)
    const [{ code, path, file: included, line, column }] = problems
    this.#options.logger.warn(
      { file: this.path, included, code, path, line, column },
      'the config file is invalid; the last valid one stays in force',
    )
    this.#inForce.reject(problems)
  }

  #rejectReplaced(): void {
    const problem = replacedOutside(this.path)
    this.#options.logger.error({ file: this.path, code: problem.code }, problem.message)
    this.#inForce.reject([problem])
  }

  /** No valid file at the start: what was valid last, or a config that allows nobody. */
  async #startWithLastValid(content: ConfigContent, error: ConfigError): Promise<void> {
    const last = this.#lastValid.read()
    // A file that never existed is how everybody starts: nothing is wrong with that.
    if (content.kind === 'missing' && last === null) this.#file.setJudged(content)
    else this.#reject(content, error)
    if (last === null) return
    try {
      this.#inForce.restore((await this.#evaluate({ text: last })).config)
    } catch (broken) {
      this.#options.logger.error(
        { err: broken },
        'the kept copy of the config is damaged too: nobody is allowed',
      )
    }
  }

  /** Throws nothing but `ConfigError`. */
  async #evaluate(content: ConfigText): Promise<EvaluatedText> {
    try {
      const { current } = this
      const evaluated = await this.#evaluator.run({
        kind: 'resolve',
        content,
        current,
        context: this.#context,
      })
      if (evaluated === null) throw new Error('a text was not evaluated')
      return evaluated
    } catch (error) {
      const failed = error instanceof ConfigError ? error : ConfigError.internal(error)
      if (failed.cause !== undefined && !this.#stopped)
        this.#options.logger.error(
          { err: failed.cause },
          'the config could not be read because of an internal error',
        )
      throw failed
    }
  }

  /** Throws `ConfigError` for a file that has no text. */
  #filesOf(content: ConfigContent): ConfigText {
    if (content.kind === 'text') return content
    const [code, why] =
      content.kind === 'missing' ? ['unreadable', 'is missing'] : [content.code, content.why]
    const message = `The config file ${this.path} ${why}; the last valid one stays in force.`
    throw new ConfigError([{ code, path: '', line: null, column: null, message }])
  }

  get #context(): Omit<ResolveContext, 'connectors'> {
    return { directory: dirname(this.path), env: { ...this.#options.env } }
  }

  /** What is in force while there has never been a file. */
  #closed(): Config {
    return {
      ...resolveConfig('{}', { ...this.#context, connectors: this.#options.connectors }),
      revision: revisionOf(''),
    }
  }
}

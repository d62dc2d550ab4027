import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { accountNotFound } from '../protocol/account-not-found.ts'
import type { ConfigProblem } from '../protocol/config-problem.ts'
import { ConfigError } from './problems/config-error.ts'
import { ConfigMount } from './file/config-mount.ts'
import type {
  AccountEditResult,
  Config,
  ConfigEditor,
  ConfigSource,
  EditOptions,
  EditResult,
  UpdateOptions,
  UpdateResult,
} from './model.ts'
import type { AllowFromEdit } from './edit/edit-allow-from.ts'
import { applyEdit } from './edit/edit-file.ts'
import { type EditRequest, tooManyEdits } from './edit/edit-request.ts'
import type { SettingChange } from './edit/edit-settings.ts'
import type { ResolvedText } from './evaluation/evaluate.ts'
import { Evaluator } from './evaluation/evaluator.ts'
import { textOf } from './file/config-text.ts'
import { stampOf } from './file/file-stamp.ts'
import { findConfigFile } from './file/find-config-file.ts'
import { EditJournal } from './file/edit-journal.ts'
import { LastValid } from './file/last-valid.ts'
import { replacedOutside } from './file/replaced-outside.ts'
import { type ConfigFileContent, readConfigFile } from './file/read-config-file.ts'
import { resolveConfig, type ResolveContext, revisionOf } from './read/resolve.ts'
import { SerialWork } from '../timing/serial-work.ts'
import { FileWatch } from './file/watch.ts'

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
  readonly #mount: ConfigMount
  readonly #journal: EditJournal
  /** The file was moved or replaced where it is mounted from. */
  #isStale = false
  readonly #evaluator: Evaluator
  /** Looks and edits, one after the other. */
  readonly #work = new SerialWork(tooManyEdits)
  #willLook = false
  #stopped = false

  constructor(options: ConfigServiceOptions) {
    this.#options = options
    this.path = findConfigFile(options)
    this.#lastValid = new LastValid(options.stateDir, this.path, options.logger)
    this.#mount = new ConfigMount(this.path)
    this.#journal = new EditJournal(options.stateDir, this.path)
    this.#evaluator = new Evaluator(options.logger)
    this.#current = this.#closed()
    this.#watch = new FileWatch({
      path: this.path,
      look: () => this.#lookSoon(),
      failed: (error) => options.logger.warn({ err: error }, 'the config watcher failed; it is armed again'),
    })
  }

  get current(): Config {
    return this.#current
  }

  get fileLength(): number {
    return this.#judged?.kind === 'text' ? this.#judged.text.length : 0
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems
  }

  /** Loads the file, or what was valid last, and follows it. Throws only what the watcher throws. */
  async start(): Promise<void> {
    const content = readConfigFile(this.path)
    try {
      const text = textOf(content, this.path)
      this.#take(text, await this.#resolve(text))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      await this.#startWithout(content, error)
    }
    await this.#watch.start()
    // What was saved between the first look and the armed watcher.
    await this.#work.run(() => this.#look())
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#trust()
    await this.#watch.stop()
    await this.#evaluator.stop()
    await this.#work.settled()
    this.#trust()
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

  setEnabled(enabled: boolean, options: EditOptions = {}): Promise<EditResult> {
    return this.#work.run(async () => {
      const account = await this.#accountOf(options)
      await this.#edit({ edit: 'enabled', request: { account, enabled } }, options)
      return this.#resultFor(account)
    })
  }

  update(changes: readonly SettingChange[], options: UpdateOptions = {}): Promise<UpdateResult> {
    return this.#work.run(async () => {
      const confirmed = options.confirm ?? []
      const { changed } = await this.#edit({ edit: 'settings', request: { changes, confirmed } }, options)
      return { revision: this.#current.revision, changed: [...changed] }
    })
  }

  createAccount(id: string, name: string | null, options: EditOptions = {}): Promise<AccountEditResult> {
    return this.#work.run(async () => {
      const { isChanged } = await this.#edit({ edit: 'createAccount', request: { id, name } }, options)
      return { changed: isChanged, revision: this.#current.revision }
    })
  }

  removeAccount(id: string, options: EditOptions = {}): Promise<AccountEditResult> {
    return this.#work.run(async () => {
      const account = await this.#accountOf({ account: id })
      const { isChanged } = await this.#edit({ edit: 'removeAccount', request: { account } }, options)
      return { changed: isChanged, revision: this.#current.revision }
    })
  }

  #editAllowFrom(
    kind: AllowFromEdit['kind'],
    numbers: string[],
    options: EditOptions = {},
  ): Promise<EditResult> {
    return this.#work.run(async () => {
      const account = await this.#accountOf(options)
      await this.#edit({ edit: 'allowFrom', request: { kind, account, numbers } }, options)
      return this.#resultFor(account)
    })
  }

  /** Looks at the file first, so that a save of a moment ago counts. */
  async #accountOf({ account }: EditOptions): Promise<string> {
    await this.#look()
    const id = account ?? this.#current.defaultAccount
    if (this.#current.accounts[id] !== undefined) return id
    throw accountNotFound(id, Object.keys(this.#current.accounts))
  }

  #resultFor(account: string): EditResult {
    const { revision, accounts } = this.#current
    return { revision, allowFrom: [...(accounts[account]?.access.allowFrom ?? [])] }
  }

  async #edit(
    edit: EditRequest,
    { revision }: { revision?: string | undefined },
  ): Promise<{ isChanged: boolean; changed: readonly string[] }> {
    await this.#look()
    const current = this.#current
    const planned = await applyEdit({
      place: { path: this.path, journal: this.#journal, mount: this.#mount },
      edit,
      revision,
      current,
      problems: this.#problems,
      plan: (input) => this.#evaluator.plan({ ...input, current, context: this.#context }),
    })
    if (planned !== null) this.#accept(planned.text, planned)
    return { isChanged: planned !== null, changed: planned?.changed ?? [] }
  }

  /** One look is enough for every change before it. */
  #lookSoon(): void {
    if (this.#willLook) return
    this.#willLook = true
    this.#unwatched(() => {
      this.#willLook = false
      return this.#look()
    })
  }

  /** Work that nobody waits for. */
  #unwatched(job: () => Promise<void>): void {
    this.#work
      .run(job)
      .catch((error: unknown) =>
        this.#options.logger.error({ err: error }, 'the config could not be followed'),
      )
  }

  /** Looks at the file, cheaply when nothing about it moved. */
  async #look(): Promise<void> {
    if (this.#stopped) return
    const { stamp, isYoung } = stampOf(this.path, this.#mount)
    // What could not be read may be readable later, without a change of the file.
    const isSettled = this.#suspect === null && this.#judged?.kind !== 'unreadable'
    if (stamp === this.#stamp && !isYoung && isSettled) return
    this.#stamp = stamp
    if (this.#mount.isStale()) return this.#rejectStale()
    if (this.#isStale) this.#judged = null
    this.#isStale = false
    const content = readConfigFile(this.path)
    if (isDeepStrictEqual(content, this.#judged)) return this.#trust()
    // What is being waited for is not read again before.
    if (isDeepStrictEqual(content, this.#suspect)) return
    try {
      const text = textOf(content, this.path)
      this.#accept(text, await this.#resolve(text))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#doubt(content, error)
    }
  }

  /** Half a file is no file: only what stands still is called wrong. */
  #doubt(content: ConfigFileContent, error: ConfigError): void {
    this.#trust()
    if (this.#stopped) return
    this.#suspect = content
    this.#suspectTimer = setTimeout(
      () => this.#unwatched(() => this.#judgeSuspect(content, error)),
      TORN_WRITE_MS,
    )
  }

  async #judgeSuspect(content: ConfigFileContent, error: ConfigError): Promise<void> {
    // Another one has taken its place while this waited.
    if (this.#stopped || this.#suspect !== content) return
    if (!isDeepStrictEqual(readConfigFile(this.path), content)) return this.#look()
    this.#trust()
    this.#reject(content, error)
  }

  #trust(): void {
    clearTimeout(this.#suspectTimer)
    this.#suspect = null
  }

  #accept(text: string, resolved: ResolvedText): void {
    const before = this.#current
    const hadProblems = this.#problems.length > 0
    this.#take(text, resolved)
    if (before.revision === this.#current.revision && !hadProblems) return
    this.#tell(this.#applied, (listener) => listener(this.#current, resolved.changed))
  }

  #take(text: string, { config }: ResolvedText): void {
    this.#current = config
    this.#trust()
    this.#problems = []
    this.#judged = { kind: 'text', text }
    this.#warnOfBadEntries()
    try {
      this.#lastValid.write(text)
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the last valid config could not be kept in the state dir')
    }
  }

  #warnOfBadEntries(): void {
    const { problems, total } = this.#current.badEntries ?? { problems: [], total: 0 }
    const [first] = problems
    if (first === undefined) return
    const { code, line, column } = first
    this.#options.logger.warn(
      { file: this.path, code, line, column, entries: total },
      'entries of the config file cannot be used and count for nobody; the rest of it is in force',
    )
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

  #rejectStale(): void {
    if (this.#isStale) return
    this.#isStale = true
    this.#trust()
    const problem = replacedOutside(this.path)
    this.#problems = [problem]
    this.#options.logger.error({ file: this.path, code: problem.code }, problem.message)
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
  async #startWithout(content: ConfigFileContent, error: ConfigError): Promise<void> {
    const last = this.#lastValid.read()
    // A file that never existed is how everybody starts: nothing is wrong with that.
    if (content.kind === 'missing' && last === null) this.#judged = content
    else this.#reject(content, error)
    if (last === null) return
    try {
      this.#current = (await this.#resolve(last)).config
    } catch (broken) {
      this.#options.logger.error(
        { err: broken },
        'the kept copy of the config is damaged too: nobody is let in',
      )
    }
  }

  /** Throws nothing but `ConfigError`. */
  async #resolve(text: string): Promise<ResolvedText> {
    try {
      return await this.#evaluator.resolve({ text, current: this.#current, context: this.#context })
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

  get #context(): ResolveContext {
    return { directory: dirname(this.path), env: { ...this.#options.env } }
  }

  /** What is in force while there has never been a file. */
  #closed(): Config {
    return { ...resolveConfig('{}', this.#context), revision: revisionOf('') }
  }
}

import type { Logger } from 'pino'
import type { ConfigProblem } from '../protocol/config/config-problem.ts'
import type { EvaluatedText } from './evaluation/evaluation.ts'
import { hasAssistant } from './has-assistant.ts'
import type { LastValid } from './file/last-valid.ts'
import type { Config, DaemonConfig } from './model.ts'
import { RestartSettings } from './restart-settings.ts'

/** A file of another tool may have dozens; `status` and the card show more. */
const NOTICES_LOGGED = 10

type AppliedListener = (config: Config, changed: readonly string[]) => void
type RejectedListener = (problem: ConfigProblem) => void

interface ConfigInForceDeps {
  lastValid: LastValid
  logger: Logger
  /** For the log. */
  path: string
  /** Whether the log warns of an account without an assistant. */
  wantsAssistant: boolean
}

/** The config in force and the problems of the file on disk, and who is notified of a change of either. */
export class ConfigInForce {
  readonly #deps: ConfigInForceDeps
  readonly #applied = new Set<AppliedListener>()
  readonly #rejected = new Set<RejectedListener>()
  #current: Config
  #restart: RestartSettings
  #problems: readonly ConfigProblem[] = []
  /** What the log says already, by `Remark.key`. */
  #logged: ReadonlySet<string> = new Set()

  constructor(initial: Config, deps: ConfigInForceDeps) {
    this.#current = initial
    this.#restart = new RestartSettings(initial)
    this.#deps = deps
  }

  get current(): Config {
    return this.#current
  }

  /** The section of the process as it applies: what needs a restart stays as it was at the start. */
  get running(): DaemonConfig {
    return this.#restart.running
  }

  get needsRestart(): readonly string[] {
    return this.#restart.pending
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems
  }

  onApplied(listener: AppliedListener): () => void {
    this.#applied.add(listener)
    return () => this.#applied.delete(listener)
  }

  onRejected(listener: RejectedListener): () => void {
    this.#rejected.add(listener)
    return () => this.#rejected.delete(listener)
  }

  removeListeners(): void {
    this.#applied.clear()
    this.#rejected.clear()
  }

  /** What is in force now is what the process starts with. */
  begin(): void {
    this.#restart = new RestartSettings(this.#current)
    this.#logNotices()
  }

  /** As `load`; notifies afterwards. */
  async apply(evaluated: EvaluatedText): Promise<void> {
    const { config, changed } = evaluated
    const isNews = config.revision !== this.#current.revision || this.#problems.length > 0
    await this.load(evaluated)
    if (isNews) this.#notify(this.#applied, (listener) => listener(config, changed))
  }

  /** In force at once; kept as the last valid one, on disk, before this resolves. */
  async load({ text, config }: EvaluatedText): Promise<void> {
    this.#current = config
    this.#restart.follow(config)
    this.#problems = []
    this.#warnOfBadEntries()
    this.#logNotices()
    try {
      await this.#deps.lastValid.write(text)
    } catch (error) {
      this.#deps.logger.error(
        { err: error },
        'the last valid config could not be kept in the state directory',
      )
    }
  }

  /** The config that was valid last, beside a file that cannot be used. */
  restore(config: Config): void {
    this.#current = config
  }

  /** The file cannot be used: what is in force stays so. */
  reject(problems: readonly [ConfigProblem, ...ConfigProblem[]]): void {
    this.#problems = problems
    const [problem] = problems
    this.#notify(this.#rejected, (listener) => listener(problem))
  }

  #warnOfBadEntries(): void {
    const { problems, total } = this.#current.badEntries ?? { problems: [], total: 0 }
    const [first] = problems
    if (first === undefined) return
    const { code, file: included, line, column } = first
    this.#deps.logger.warn(
      { file: this.#deps.path, included, code, line, column, entries: total },
      'entries of the config file cannot be used and count for nobody; the rest of it is in force',
    )
  }

  /** Each of them once while it stays: an edit of something else repeats nothing. */
  #logNotices(): void {
    const { logger, path, wantsAssistant } = this.#deps
    const notices = remarksOn(this.#current, wantsAssistant)
    const fresh = notices.filter(({ key }) => !this.#logged.has(key))
    this.#logged = new Set(notices.map(({ key }) => key))
    for (const { place, message } of fresh.slice(0, NOTICES_LOGGED))
      logger.warn({ file: path, ...place }, message)
    const others = fresh.length - NOTICES_LOGGED
    if (others > 0)
      logger.warn(
        { file: path, notices: others },
        'there is more to note about the config; see: whatsappd status',
      )
  }

  /** A listener that fails does not keep the others from being called. */
  #notify<Listener>(listeners: ReadonlySet<Listener>, call: (listener: Listener) => void): void {
    for (const listener of listeners) {
      try {
        call(listener)
      } catch (error) {
        this.#deps.logger.error({ err: error }, 'a listener of the config failed')
      }
    }
  }
}

interface Remark {
  /** The same while nothing changed. */
  key: string
  place: Readonly<Record<string, unknown>>
  message: string
}

/** What a person should know of a config in force, the most important first. */
function remarksOn({ accounts, notices }: Config, wantsAssistant: boolean): Remark[] {
  return [
    ...Object.values(accounts)
      .filter((account) => wantsAssistant && !hasAssistant(account))
      .map(({ id, section }) => ({
        key: `no assistant ${id}`,
        place: { account: id },
        message:
          'no assistant is configured: people get their own words back; ' +
          `add an agent under ${section}.agents, and name it in defaultAgent if it is not the first`,
      })),
    ...notices.map(({ code, path, file: included, line, column, message }) => ({
      key: `${code} ${path}`,
      place: { code, included, line, column },
      message: `${path}: ${message}`,
    })),
  ]
}

import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig, TranscriptionConfig } from '../../config/model.ts'
import { secretPlace } from '../../config/secrets/secret-place.ts'
import type { SecretReader } from '../../config/secrets/secret-reader.ts'
import type { Fetch } from '../../network/fetch-through.ts'
import type { AgentFailureCode } from '../../protocol/account/agent-failures.ts'
import { Places } from '../../timing/places.ts'
import type { AgentCheck } from '../agent-check.ts'
import { AgentError } from '../agent-error.ts'
import { listModels } from '../openai/list-models.ts'
import type { OpenAiServer } from '../openai/openai-server.ts'
import { serverCheck } from '../openai/server-check.ts'
import { explainTranscription, type ShownTranscription } from './explain-transcription.ts'
import { leastSeconds } from './least-seconds.ts'
import { soundType } from '../audio/sound-type.ts'
import { transcribe } from './transcriber.ts'

const WHO = 'the transcription server'
/** Requests side by side, of one account; others wait. */
const MAX_RUNNING = 8
/** These say something of one file, and nothing of the server: the next file may be fine. */
const OF_ONE_FILE: ReadonlySet<AgentFailureCode> = new Set(['turn_too_large', 'refused', 'failed'])

type Account = Pick<AccountConfig, 'id' | 'section' | 'written' | 'transcription'>

/** How the transcription of an account is. Times in milliseconds since 1970. */
export interface TranscriptionHealth {
  ok: boolean
  /** Since when it is `ok`, or not. */
  since: number
  lastSuccessAt: number | null
  lastFailure: { at: number; code: AgentFailureCode; message: string; action: string } | null
}

export interface TranscriptionDependencies {
  /** The accounts of the config in force, by id. */
  accounts: () => Readonly<Record<string, Account>>
  secrets: Pick<SecretReader, 'read'>
  fetch: Fetch
  /** The transcription of this account failed, or works again. */
  changed?: (account: string) => void
  logger: Logger
  now?: () => number
  /** Shorter waits between tries, for tests. */
  retryDelaysMs?: readonly number[]
}

/** Writes down what is said in files, by the server that an account names, and knows how that goes. */
export class Transcription {
  readonly #deps: TranscriptionDependencies
  /** By account: the server of one may hang. */
  readonly #places = new Map<string, Places>()
  /** By account, for the settings that it has: others begin anew. */
  readonly #health = new Map<string, { of: TranscriptionConfig; health: TranscriptionHealth }>()

  constructor(deps: TranscriptionDependencies) {
    this.#deps = deps
  }

  /**
   * What is said in the file at this whole path; empty where nothing is, and `null` where the account names no server. Rejects with
   * `AgentError`, which names the setting, and was logged; with the signal's reason where it is aborted.
   */
  async transcribe(id: string, path: string, signal: AbortSignal): Promise<string | null> {
    const account = this.#account(id)
    const settings = account?.transcription ?? null
    if (account === undefined || settings === null) return null
    try {
      const { size } = await stat(path)
      if (size === 0) return ''
      const sound = { path, ...(await soundType(path)) }
      refuseLong(await leastSeconds({ ...sound, size }), settings)
      const server = { ...this.#server(account, settings), who: WHO, settings }
      const { retryDelaysMs } = this.#deps
      const text = await transcribe(sound, { ...server, places: this.#placesOf(id), retryDelaysMs }, signal)
      this.#succeeded(id, settings)
      return text
    } catch (error) {
      signal.throwIfAborted()
      throw this.#failed(account, settings, error)
    }
  }

  /** How it is since the start, for the settings in force; `null` where the account names no server. */
  health(id: string): TranscriptionHealth | null {
    const settings = this.#account(id)?.transcription ?? null
    return settings === null ? null : this.#healthOf(id, settings)
  }

  /** What `whatsappd doctor` looks at; `null` where the account names no server. */
  check(id: string): AgentCheck | null {
    const account = this.#account(id)
    const settings = account?.transcription ?? null
    if (account === undefined || settings === null) return null
    const server = this.#server(account, settings)
    const shown = shownTranscription(account, settings)
    const place = `${shown.place}.model (${JSON.stringify(shown.model)})`
    const models = (signal: AbortSignal): Promise<string[]> =>
      listModels(server, signal).catch((error: unknown) => {
        signal.throwIfAborted()
        throw explainTranscription(error, shown)
      })
    return { ...serverCheck(models, { model: settings.model, place }), id: 'voice.transcription' }
  }

  #server(account: Account, settings: TranscriptionConfig): OpenAiServer {
    const { secrets, fetch } = this.#deps
    const { baseUrl, apiKey } = settings
    return {
      who: WHO,
      baseUrl,
      fetch,
      apiKey: () => {
        if (apiKey === null) return null
        try {
          return secrets.read(apiKey)
        } catch {
          const { place, keySource } = shownTranscription(account, settings)
          throw new AgentError('misconfigured', `the key of ${WHO} cannot be read: check ${place}.apiKey`, {
            action: `Check ${place}.apiKey, which is ${keySource ?? 'not set'}: the daemon reads it as its own user, and a variable must be set where the daemon starts.`,
          })
        }
      },
    }
  }

  #account(id: string): Account | undefined {
    const accounts = this.#deps.accounts()
    return Object.hasOwn(accounts, id) ? accounts[id] : undefined
  }

  #placesOf(id: string): Places {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const places = new Places(MAX_RUNNING)
    this.#places.set(id, places)
    return places
  }

  #healthOf(id: string, settings: TranscriptionConfig): TranscriptionHealth {
    const known = this.#health.get(id)
    // An edit of the file makes them anew, and other settings may work better.
    if (known !== undefined && isSame(known.of, settings)) return known.health
    const { now = Date.now } = this.#deps
    const health: TranscriptionHealth = { ok: true, since: now(), lastSuccessAt: null, lastFailure: null }
    this.#health.set(id, { of: settings, health })
    return health
  }

  #succeeded(id: string, settings: TranscriptionConfig): void {
    const { now = Date.now } = this.#deps
    const health = this.#healthOf(id, settings)
    health.lastSuccessAt = now()
    this.#become(id, health, true)
  }

  #failed(account: Account, settings: TranscriptionConfig, cause: unknown): AgentError {
    const { now = Date.now, logger } = this.#deps
    const error = explainTranscription(cause, shownTranscription(account, settings))
    const { code, message, action } = error
    const unexpected = cause instanceof AgentError ? {} : { err: cause }
    logger.warn(
      { account: account.id, code, ...unexpected },
      `a voice message was not written down: ${message}. ${action}`,
    )
    const health = this.#healthOf(account.id, settings)
    const isAboutFile = OF_ONE_FILE.has(code) || (code === 'bad_request' && health.lastSuccessAt !== null)
    if (isAboutFile) return error
    health.lastFailure = { at: now(), code, message, action }
    this.#become(account.id, health, false)
    return error
  }

  #become(id: string, health: TranscriptionHealth, ok: boolean): void {
    if (health.ok === ok) return
    const { now = Date.now, changed } = this.#deps
    health.ok = ok
    health.since = now()
    changed?.(id)
  }
}

/** What people may read of the settings of an account: no variable's value, and of the address only where the server is. */
function shownTranscription(account: Account, settings: TranscriptionConfig): ShownTranscription {
  const { baseUrl, model, apiKey, timeoutSeconds, maxMinutes } = settings
  const shownUrl = asWritten(account, 'transcription.baseUrl', baseUrl)
  const shownPath = (path: string): string => asWritten(account, 'transcription.apiKey.file', path)
  return {
    place: `${account.section}.transcription`,
    // A path or a query may have a key in it.
    baseUrl: shownUrl === baseUrl && URL.canParse(baseUrl) ? new URL(baseUrl).origin : shownUrl,
    hasVersion: /\/v\d/.test(baseUrl),
    model: asWritten(account, 'transcription.model', model),
    keySource: apiKey && secretPlace(apiKey, shownPath),
    timeoutSeconds,
    maxMinutes,
  }
}

/** Throws `AgentError` (`turn_too_large`) for sound that is longer than the settings allow. */
function refuseLong(seconds: number, { maxMinutes }: TranscriptionConfig): void {
  if (seconds > maxMinutes * 60)
    throw new AgentError(
      'turn_too_large',
      `it is longer than ${maxMinutes === 1 ? '1 minute' : `${maxMinutes} minutes`}`,
    )
}

function isSame(one: TranscriptionConfig, other: TranscriptionConfig): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

import { join } from 'node:path'
import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Fetch } from '../../../network/fetch-through.ts'
import { readPrivateFile } from '../../../storage/files/read-private-file.ts'
import { writePrivateFile } from '../../../storage/files/write-private-file.ts'
import { readRevision, VERSION_PAGE, VERSION_PAGE_HEADERS } from './version-page.ts'

const TIMEOUT_MS = 10_000
const INTERVAL_MS = 60 * 60_000
/** WhatsApp counts some millions a year. */
const MAX_AHEAD = 10_000_000
const FILE_NAME = 'client-version.json'
const MAX_FILE_BYTES = 1_024

export type ClientVersion = readonly [number, number, number]

const part = z.number().int().min(0)
const versionSchema = z.tuple([part, part, part]).readonly()
const fileSchema = z.strictObject({ bundled: versionSchema, found: versionSchema })

export interface VersionSettings {
  /** `null` for WhatsApp's own server. */
  webSocketUrl: string | null
  /** What a person chose instead. */
  version: ClientVersion | null
  versionLookup: boolean
}

export interface ClientVersionsDependencies {
  /** Of the config in force. */
  settings: () => VersionSettings
  fetch: Fetch
  /** Of the daemon's state; what was found is kept there for the version that this build comes with. */
  directory: string
  logger: Logger
  now: () => number
  /** For tests: asked in the place of WhatsApp's page, and whichever server is configured. */
  page?: string | undefined
  /** The version that this build comes with; Baileys' without it. */
  bundled?: ClientVersion
}

/**
 * Which client version WhatsApp is told. The one of this build, until WhatsApp refuses it: then the current one, as WhatsApp's own
 * page names it, within bounds. One for all accounts.
 */
export class ClientVersions {
  readonly #deps: ClientVersionsDependencies
  readonly #bundled: ClientVersion
  /** `undefined` until the file was looked at. */
  #found: ClientVersion | null | undefined
  #asked: { at: number; answer: Promise<void> } | null = null

  constructor(deps: ClientVersionsDependencies) {
    this.#deps = deps
    const [primary, secondary, tertiary] = DEFAULT_CONNECTION_CONFIG.version
    this.#bundled = deps.bundled ?? [primary, secondary, tertiary]
  }

  /** The version to use where the config names none. */
  get current(): ClientVersion {
    if (!this.#mayAsk) return this.#bundled
    if (this.#found === undefined) this.#found = this.#read()
    return this.#found ?? this.#bundled
  }

  /** Whether WhatsApp refused the version of this build, and another one was found since. */
  get isBundledRefused(): boolean {
    return !isSame(this.current, this.#bundled)
  }

  /** The page to ask for the current version; `null` where it may not be asked. */
  get page(): string | null {
    return this.#mayAsk ? (this.#deps.page ?? VERSION_PAGE) : null
  }

  /**
   * WhatsApp refused `refused`: whether there is another version to try. WhatsApp's page is asked once an hour at most. Never rejects,
   * and takes ten seconds at most.
   */
  async renew(refused: ClientVersion): Promise<boolean> {
    const { now } = this.#deps
    if (!this.#mayAsk) return false
    // Another account has found one meanwhile.
    if (!isSame(this.current, refused)) return true
    if (this.#asked === null || Math.abs(now() - this.#asked.at) >= INTERVAL_MS)
      this.#asked = { at: now(), answer: this.#ask() }
    await this.#asked.answer
    return !isSame(this.current, refused)
  }

  /** Another server than WhatsApp's may want another version, and its users do not expect a question to WhatsApp. */
  get #mayAsk(): boolean {
    const { settings, page } = this.#deps
    const { webSocketUrl, version, versionLookup } = settings()
    if (!versionLookup || version !== null) return false
    return (
      webSocketUrl === null ||
      page !== undefined ||
      new URL(webSocketUrl).hostname === new URL(VERSION_PAGE).hostname
    )
  }

  async #ask(): Promise<void> {
    const { fetch, page = VERSION_PAGE, logger } = this.#deps
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const response = await fetch(page, {
        method: 'GET',
        headers: VERSION_PAGE_HEADERS,
        redirect: 'manual',
        signal,
      })
      if (response.status !== 200) throw new Error(`it answered HTTP ${response.status}`)
      const revision = await readRevision(response)
      const [primary, secondary, bundled] = this.#bundled
      if (!(revision >= bundled && revision < bundled + MAX_AHEAD))
        throw new Error('it names no version that can be the current one')
      this.#adopt([primary, secondary, revision])
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      logger.warn(
        { why },
        `WhatsApp refuses this client version, and ${new URL(page).host} could not be asked for the current one; it may be blocked by a proxy or a firewall`,
      )
    }
  }

  #adopt(found: ClientVersion): void {
    const { directory, logger } = this.#deps
    if (isSame(found, this.current)) return
    this.#found = found
    logger.warn(
      { version: found.join('.') },
      'WhatsApp refuses the client version of this build; the current one is used. Upgrade whatsappd soon',
    )
    try {
      writePrivateFile(
        join(directory, FILE_NAME),
        `${JSON.stringify({ bundled: this.#bundled, found } satisfies z.infer<typeof fileSchema>)}\n`,
      )
    } catch (error) {
      logger.warn(
        { err: error },
        'the client version could not be stored; it is asked for again after a restart',
      )
    }
  }

  /** What an earlier life found, for the same build. */
  #read(): ClientVersion | null {
    try {
      const text = readPrivateFile(join(this.#deps.directory, FILE_NAME), { maxBytes: MAX_FILE_BYTES })
      const kept = text === null ? null : fileSchema.parse(JSON.parse(text))
      return kept !== null && isSame(kept.bundled, this.#bundled) ? kept.found : null
    } catch {
      return null
    }
  }
}

function isSame(one: ClientVersion, other: ClientVersion): boolean {
  return one.join() === other.join()
}

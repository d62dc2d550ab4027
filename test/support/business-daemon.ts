import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { AccountsPort } from '../../src/control/ports.ts'
import { createDaemon, type Daemon } from '../../src/daemon.ts'
import { createLogger, type Logger } from '../../src/observability/log/logger.ts'
import type { AccountView } from '../../src/protocol/account/account.ts'
import type { EventName, EventPayload } from '../../src/protocol/events.ts'
import {
  BusinessPlatform,
  type BusinessPlatformOptions,
} from '../../src/simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../src/simulator/business/management/business-number.ts'
import type { NumberOptions } from '../../src/simulator/business/management/onboarding.ts'
import type { BusinessPerson } from '../../src/simulator/business/people/business-person.ts'
import type { LifeTimings } from '../../src/transports/cloud-api/life/business-life.ts'
import { ALICE, MALLORY } from './stack.ts'

export const BUSINESS = '+15550009000'

export interface BusinessDaemonOptions {
  /** Alice, unless something else is said. */
  allowFrom?: readonly string[]
  /** Further keys of `channels.whatsapp`. */
  channel?: Record<string, unknown>
  /** Keys that replace those of `cloudApi`. */
  cloudApi?: Record<string, unknown>
  /** Further keys of `whatsappd`. */
  daemon?: Record<string, unknown>
  env?: NodeJS.ProcessEnv
  logger?: Logger
  platform?: BusinessPlatformOptions
  number?: Partial<NumberOptions>
  /** Before the daemon starts for the first time. */
  prepare?: (daemon: BusinessDaemon) => void
  /** Of Alice, where an earlier platform gave it. */
  aliceId?: string
  /** Shorter delays of the account's life. */
  businessTimings?: Partial<LifeTimings>
  /** `false`: no webhook is subscribed; the test does it. */
  subscribes?: boolean
}

/** A daemon in this process with one Business account, on the simulated Graph API, and two people who write to it: Alice is allowed. */
export class BusinessDaemon {
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-business-'))
  readonly configPath = join(this.directory, 'sandbox.config.json5')
  readonly stateDir = join(this.directory, 'state')
  readonly events: { name: EventName; payload: unknown }[] = []
  readonly platform: BusinessPlatform
  readonly number: BusinessNumber
  readonly alice: BusinessPerson
  readonly mallory: BusinessPerson
  readonly #options: BusinessDaemonOptions
  readonly #watchers = new Set<() => void>()
  #daemon: Daemon | null = null
  #url = ''

  private constructor(platform: BusinessPlatform, options: BusinessDaemonOptions) {
    this.platform = platform
    this.#options = options
    this.number = platform.addNumber({ phoneNumber: BUSINESS, name: 'Corner Shop', ...options.number })
    const { aliceId } = options
    this.alice = platform.addPerson({
      phoneNumber: ALICE,
      name: 'Alice',
      ...(aliceId !== undefined && { formerUserId: aliceId }),
    })
    this.mallory = platform.addPerson({ phoneNumber: MALLORY, name: 'Mallory' })
    platform.onChange(() => this.#changed())
  }

  /** Resolves when the account is connected and gets webhooks. */
  static async start(options: BusinessDaemonOptions = {}): Promise<BusinessDaemon> {
    const daemon = new BusinessDaemon(await BusinessPlatform.start(options.platform), options)
    daemon.writeConfig(options.allowFrom ?? [ALICE])
    options.prepare?.(daemon)
    await daemon.startDaemon()
    return daemon
  }

  get daemon(): Daemon {
    if (this.#daemon === null) throw new Error('the daemon is not running')
    return this.#daemon
  }

  get accounts(): AccountsPort {
    return this.daemon.registry
  }

  /** `http://host:port` of the control plane. */
  get url(): string {
    return this.#url
  }

  /** Where the number's webhooks go. */
  get callbackUrl(): string {
    return `${this.#url}/webhooks/whatsapp/default`
  }

  /** What `cloudApi` of this account is. */
  get cloudApi(): Record<string, unknown> {
    const { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = this.number
    const { baseUrl, mediaHost } = this.platform
    return {
      phoneNumberId,
      businessAccountId,
      accessToken,
      appSecret,
      verifyToken,
      baseUrl,
      mediaHosts: [mediaHost],
      ...this.#options.cloudApi,
    }
  }

  /** Writes the whole file anew. */
  writeConfig(allowFrom: readonly string[], channel: Record<string, unknown> = {}): void {
    const whatsapp = {
      transport: 'cloud-api',
      cloudApi: this.cloudApi,
      allowFrom,
      pace: { perMinute: 60_000, perHour: 600_000 },
      ...this.#options.channel,
      ...channel,
    }
    const config = { channels: { whatsapp }, whatsappd: this.#options.daemon ?? {} }
    writeFileSync(this.configPath, JSON.stringify(config, null, 2))
  }

  /** Resolves when the account is connected and, unless the test does it itself, subscribed. */
  async startDaemon(): Promise<void> {
    const daemon = createDaemon({
      configPath: this.configPath,
      stateDir: this.stateDir,
      env: this.#options.env ?? {},
      logger: this.#options.logger ?? createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
      businessTimings: this.#options.businessTimings,
    })
    daemon.subscribe((name, payload) => {
      this.events.push({ name, payload })
      this.#changed()
    })
    const { host, port } = await daemon.start()
    this.#url = `http://${host}:${port}`
    this.#daemon = daemon
    if (this.#options.subscribes === false) return
    await this.untilState('connected')
    await this.platform.subscribe(this.number, this.callbackUrl)
  }

  async stopDaemon(): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = null
    await daemon?.stop()
  }

  async stop(): Promise<void> {
    await this.stopDaemon()
    await this.platform.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  account(id = 'default'): AccountView {
    const account = this.accounts.list().find((view) => view.account === id)
    if (account === undefined) throw new Error(`no account ${id}`)
    return account
  }

  /** Resolves as soon as `read` answers something; looks again at every event of the daemon and every change at Meta. */
  async until<T>(what: string, read: () => T | undefined | false | null, timeoutMs = 20_000): Promise<T> {
    const now = read()
    if (now !== undefined && now !== false && now !== null) return now
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
      }
      const look = (): void => {
        const value = read()
        if (value === undefined || value === false || value === null) return
        finish()
        resolve(value)
      }
      const timer = setTimeout(() => {
        finish()
        const { state, reason } = this.account()
        reject(
          new Error(`waited in vain for ${what}; the account is ${state} (${reason?.code ?? 'no reason'})`),
        )
      }, timeoutMs)
      this.#watchers.add(look)
    })
  }

  untilState(state: AccountView['state'], timeoutMs?: number): Promise<AccountView> {
    return this.until(
      `state ${state}`,
      () => (this.account().state === state ? this.account() : null),
      timeoutMs,
    )
  }

  /** Resolves when a phone shows this text of the business, and answers with the id of its message. */
  async untilSeen(person: BusinessPerson, text: string | RegExp): Promise<string> {
    const matches = (shown: string): boolean => (typeof text === 'string' ? shown === text : text.test(shown))
    const seen = await this.until(`${String(text)} at ${person.name}`, () =>
      person.seen(this.number).texts.find((each) => matches(each.text)),
    )
    return seen.id
  }

  /** Every payload of this event so far. */
  published<Name extends EventName>(name: Name): EventPayload<Name>[] {
    // Recorded together with its name, so the payload is that event's.
    return this.events
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as EventPayload<Name>)
  }

  /** The first such event, there already or later, that fits. */
  untilEvent<Name extends EventName>(
    name: Name,
    fits: (payload: EventPayload<Name>) => boolean = () => true,
    timeoutMs?: number,
  ): Promise<EventPayload<Name>> {
    return this.until(`event ${name}`, () => this.published(name).find(fits), timeoutMs)
  }

  /** A dashboard's client with the local token, subscribed. */
  async client(): Promise<WhatsappdClient> {
    const token = readFileSync(join(this.stateDir, 'token'), 'utf8').trim()
    const client = new WhatsappdClient({ url: `${this.#url.replace('http', 'ws')}/v1/ws`, token, WebSocket })
    await client.connect()
    return client
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher()
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { createDaemon, type Daemon, type DaemonOptions } from '../../src/daemon.ts'
import type { AccountsPort } from '../../src/control/ports.ts'
import { createLogger, type Logger } from '../../src/observability/log/logger.ts'
import type { AccountView, LinkOffer } from '../../src/protocol/account/account.ts'
import type { AccountState } from '../../src/protocol/account/account-states.ts'
import type { EventName, EventPayload } from '../../src/protocol/events.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { type PhoneOptions, Simulator } from '../../src/simulator/simulator.ts'

export const OWNER = '+15550000001'
export const ALICE = '+15550000002'
export const MALLORY = '+15550000003'

export interface StackOptions {
  allowFrom?: string[]
  /** Further keys of `channels.whatsapp`. */
  channel?: Record<string, unknown>
  /** Further keys of `whatsappd`. */
  daemon?: Record<string, unknown>
  /** The daemon's environment; empty without it. */
  env?: NodeJS.ProcessEnv
  timings?: DaemonOptions['timings']
  simulator?: ConstructorParameters<typeof Simulator>[0]
  /** Whether the daemon asks the simulator for the current client version. */
  looksUpVersion?: boolean
  /** Whether the daemon trusts the simulator's root key. */
  trustsSimulator?: boolean
  logger?: Logger
  /** Instead of one in the stack's temporary directory. */
  stateDir?: string
  /** What these numbers' phones had before: LID and identity; new ones otherwise. */
  formerPhones?: Readonly<Record<string, Pick<PhoneOptions, 'lid' | 'identity'>>>
  /** Called when the phones are there, before the config is written and the daemon starts. */
  prepare?: (stack: Stack) => void
}

interface PublishedEvent {
  name: EventName
  payload: unknown
}

/** A daemon in this process, the simulated WhatsApp it talks to, and three phones: the owner's, Alice's, Mallory's. */
export class Stack {
  readonly simulator: Simulator
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-'))
  readonly configPath = join(this.directory, 'sandbox.config.json5')
  readonly stateDir: string
  readonly events: PublishedEvent[] = []
  readonly #options: StackOptions
  readonly #watchers = new Set<() => void>()
  readonly #messages: Stanza[] = []
  #daemon: Daemon | null = null
  #address = ''

  private constructor(options: StackOptions) {
    this.#options = options
    this.stateDir = options.stateDir ?? join(this.directory, 'state')
    // All of the one-time keys would be most of a test's time.
    const habits = { wantsAllPreKeys: false, ...options.simulator?.habits }
    this.simulator = new Simulator({ ...options.simulator, habits })
  }

  static async start(options: StackOptions = {}): Promise<Stack> {
    const stack = new Stack(options)
    await stack.simulator.start()
    stack.simulator.onTrace(({ direction, node }) => {
      // What nobody wrote to the account, such as a status or the history, comes by itself.
      if (
        direction === 'out' &&
        node.tag === 'message' &&
        node.attrs.category !== 'peer' &&
        !/@(broadcast|newsletter)$/.test(node.attrs.from ?? '')
      )
        stack.#messages.push(node)
    })
    stack.createPhone(OWNER, 'Owner')
    stack.createPhone(ALICE, 'Alice')
    stack.createPhone(MALLORY, 'Mallory')
    options.prepare?.(stack)
    stack.writeConfig(options.allowFrom ?? [ALICE])
    await stack.startDaemon()
    return stack
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
    return this.#address
  }

  get owner(): SimulatedPhone {
    return this.phone(OWNER)
  }

  get alice(): SimulatedPhone {
    return this.phone(ALICE)
  }

  get mallory(): SimulatedPhone {
    return this.phone(MALLORY)
  }

  phone(phoneNumber: string): SimulatedPhone {
    const phone = this.simulator.phone(phoneNumber)
    if (phone === undefined) throw new Error(`no phone ${phoneNumber}`)
    return phone
  }

  createPhone(phoneNumber: string, name: string): SimulatedPhone {
    return this.simulator.createPhone({ phoneNumber, name, ...this.#options.formerPhones?.[phoneNumber] })
  }

  /** Writes the whole file anew, with these allowed numbers. */
  writeConfig(allowFrom: string[], channel: Record<string, unknown> = {}): void {
    const { simulator } = this
    const trusted = this.#options.trustsSimulator ?? true
    const config = {
      channels: {
        whatsapp: {
          allowFrom,
          pace: { perMinute: 60_000, perHour: 600_000 },
          ...this.#options.channel,
          ...channel,
        },
      },
      whatsappd: {
        ...this.#options.daemon,
        whatsapp: {
          ...(this.#options.daemon?.whatsapp as Record<string, unknown> | undefined),
          webSocketUrl: simulator.webSocketUrl,
          ...(trusted ? { noiseRootKey: simulator.noiseRootKey } : {}),
        },
      },
    }
    writeFileSync(this.configPath, JSON.stringify(config, null, 2))
  }

  /** Writes the file as it is given. */
  writeRawConfig(text: string): void {
    writeFileSync(this.configPath, text)
  }

  readConfig(): string {
    return readFileSync(this.configPath, 'utf8')
  }

  async startDaemon(): Promise<void> {
    const daemon = createDaemon({
      configPath: this.configPath,
      stateDir: this.stateDir,
      env: this.#options.env ?? {},
      logger: this.#options.logger ?? createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
      ...(this.#options.looksUpVersion === true ? { versionPage: this.simulator.versionPage.url } : {}),
      timings: { reconnect: { firstDelayMs: 20, capMs: 200 }, tokenWaitMs: 100, ...this.#options.timings },
    })
    daemon.subscribe((name, payload) => {
      this.events.push({ name, payload })
      for (const watcher of this.#watchers) watcher()
    })
    const { host, port } = await daemon.start()
    this.#address = `http://${host}:${port}`
    this.#daemon = daemon
  }

  async stopDaemon(): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = null
    await daemon?.stop()
  }

  async stop(): Promise<void> {
    await this.stopDaemon()
    await this.simulator.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  account(id = 'default'): AccountView {
    const account = this.accounts.list().find((view) => view.account === id)
    if (account === undefined) throw new Error(`no account ${id}`)
    return account
  }

  /** Resolves as soon as `read` answers something; looks again at every event. */
  async until<T>(what: string, read: () => T | undefined | false | null, timeoutMs = 60_000): Promise<T> {
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

  untilState(state: AccountState, timeoutMs?: number): Promise<AccountView> {
    return this.until(
      `state ${state}`,
      () => (this.account().state === state ? this.account() : null),
      timeoutMs,
    )
  }

  /** Every payload of this event so far. */
  published<Name extends EventName>(name: Name): EventPayload<Name>[] {
    // Recorded together with its name, so the payload is that event's.
    return this.events
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as EventPayload<Name>)
  }

  /** The first such event from now on (or already there after `from`) that fits. */
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
    const url = `${this.url.replace('http', 'ws')}/v1/ws`
    const client = new WhatsappdClient({ url, token, WebSocket })
    await client.connect()
    return client
  }

  /** The stanza of the last message that the simulated server sent to a linked device. */
  lastMessage(): Stanza {
    const stanza = this.#messages.at(-1)
    if (stanza === undefined) throw new Error('no message was delivered yet')
    return stanza
  }

  /** Everything this phone ever saw of the assistant, besides the receipts that prove delivery. */
  shownTo(phoneNumber: string): unknown[] {
    const phone = this.phone(phoneNumber)
    const receipts = phone.receipts.filter(
      ({ type }) => !['delivery', 'inactive', 'retry', ''].includes(type ?? ''),
    )
    return [...phone.received, ...phone.typing, ...receipts]
  }

  /** A fresh QR. */
  async qr(): Promise<Extract<LinkOffer, { method: 'qr' }>> {
    const offer = await this.accounts.link('default', { method: 'qr' })
    if (offer.method !== 'qr') throw new Error('not a QR')
    return offer
  }

  /** Links the owner's phone and waits until messages can flow. */
  async link(): Promise<void> {
    const { qr } = await this.qr()
    await this.owner.scan(qr)
    await this.untilState('connected')
  }
}

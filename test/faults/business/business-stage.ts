import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { MethodResult } from '../../../src/protocol/methods.ts'
import { BusinessPlatform } from '../../../src/simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../../src/simulator/business/management/business-number.ts'
import { freePort } from '../../support/tunnels/free-port.ts'
import { DaemonProcess } from '../daemon-process.ts'
import { WallClock } from '../wall-clock.ts'
import { BUSINESS_NUMBERS, CUSTOMERS } from './business-cast.ts'
import { BusinessLedger } from './business-ledger.ts'

const START_LIMIT_MS = 30_000
const POLL_MS = 20
/** Longer than a request is on its way. */
const JUMP_MS = 300
/** Far below the patience of a run, however long a start takes on a busy machine. */
const RETRY_DELAYS_MS = [0, 100, 300, 1_000, 2_000]
/** Beyond any clock jump of a life, so that nothing is too old to be answered. */
const CATCH_UP_MINUTES = 100_000

/** Meta, the people, and the built daemon of one life; all that it keeps, it keeps across the runs. */
export class BusinessStage {
  readonly platform: BusinessPlatform
  /** As `BUSINESS_NUMBERS`. */
  readonly numbers: readonly BusinessNumber[]
  readonly ledger: BusinessLedger
  readonly daemon: DaemonProcess
  readonly #directory: string
  readonly #clock: WallClock
  readonly #port: number
  readonly #ahead: { ms: number }

  private constructor(o: {
    platform: BusinessPlatform
    clock: WallClock
    ahead: { ms: number }
    directory: string
    port: number
    program: string
  }) {
    this.platform = o.platform
    this.#clock = o.clock
    this.#ahead = o.ahead
    this.#directory = o.directory
    this.#port = o.port
    const [first, second] = BUSINESS_NUMBERS
    const number = o.platform.addNumber({ phoneNumber: first.phoneNumber, name: first.name })
    const { app, account } = number
    const { phoneNumber, name } = second
    this.numbers = [number, o.platform.addNumber({ phoneNumber, name, app, account })]
    this.ledger = new BusinessLedger(this.numbers)
    for (const customer of CUSTOMERS) {
      const { name, phoneNumber, username } = customer
      const person = o.platform.addPerson({ name, phoneNumber, ...(username !== null && { username }) })
      this.ledger.watch(customer, person)
    }
    this.daemon = new DaemonProcess({
      program: o.program,
      configPath: this.#configPath,
      stateDir: join(o.directory, 'state'),
      port: o.port,
      clockFile: o.clock.file,
      fullFile: null,
    })
  }

  /** Resolves when the daemon gets webhooks. */
  static async build(o: { seed: number; program: string }): Promise<BusinessStage> {
    const directory = mkdtempSync(join(tmpdir(), 'faults-business-'))
    const clock = new WallClock(join(directory, 'clock'))
    const habits = { retryDelaysMs: RETRY_DELAYS_MS }
    const ahead = { ms: 0 }
    const now = (): number => Date.now() + ahead.ms
    const platform = await BusinessPlatform.start({ seed: o.seed, now, habits })
    const port = await freePort()
    const stage = new BusinessStage({ platform, clock, ahead, directory, port, program: o.program })
    try {
      stage.#writeConfig()
      stage.daemon.spawn()
      await stage.#up()
      // The only address, of the app of both.
      const [first] = stage.numbers
      if (first !== undefined)
        await platform.subscribe(first, `http://127.0.0.1:${port}/webhooks/whatsapp/default`)
      return stage
    } catch (error) {
      await stage.clear(false)
      throw error
    }
  }

  async killAndRestart(downMs: number): Promise<void> {
    await this.daemon.end('SIGKILL')
    this.ledger.killed()
    for (const damage of this.daemon.damage()) this.ledger.corrupt(`after a kill: ${damage}`)
    await delay(downMs)
    this.daemon.spawn()
  }

  /** A person puts a new token of this number into the config. */
  renewToken(number: BusinessNumber): void {
    this.platform.renewToken(number)
    this.#writeConfig()
  }

  /** The file of the second account is away for so long: the daemon has to close the account. */
  async takeFileAway(forMs: number): Promise<void> {
    const file = join(this.#directory, 'state', 'accounts', BUSINESS_NUMBERS[1].account, 'account.db')
    if (!existsSync(file)) return
    renameSync(file, `${file}.away`)
    await delay(forMs)
    renameSync(`${file}.away`, file)
  }

  /** The clocks of the daemon and of Meta, forward; the daemon's first, so that what is on its way arrives before the jump. */
  async jump(milliseconds: number): Promise<void> {
    this.#clock.jump(milliseconds)
    this.daemon.signal('SIGUSR2')
    await delay(JUMP_MS)
    this.#ahead.ms += milliseconds
  }

  /** The texts that the daemon shows as not sent, those of which it does not know, and those that wait behind one of these. */
  async notSent(): Promise<string[]> {
    const lists = await this.daemon.ask((client) =>
      Promise.all(
        BUSINESS_NUMBERS.map(({ account }) => client.request('outbox.list', { account, limit: 100 })),
      ),
    )
    return lists.flatMap(({ messages }) => notSentIn(messages))
  }

  /** Ends everything, and looks at what the daemon leaves. */
  async stop(): Promise<void> {
    if (!(await this.daemon.end('SIGTERM')).inTime) this.ledger.crashed('did not stop in time after SIGTERM')
    for (const damage of this.daemon.damage()) this.ledger.corrupt(damage)
    await this.platform.stop()
  }

  /** `isKept`: leaves the files, and says where. */
  async clear(isKept: boolean): Promise<void> {
    await this.daemon.end('SIGKILL')
    await this.platform.stop()
    if (isKept) process.stderr.write(`kept: ${this.#directory}\n`)
    else rmSync(this.#directory, { recursive: true, force: true })
  }

  get #configPath(): string {
    return join(this.#directory, 'sandbox.config.json5')
  }

  #writeConfig(): void {
    const { numbers, platform } = this
    const [portfolio] = numbers.map(({ account }) => account.portfolio)
    const allowFrom = CUSTOMERS.filter(({ isAllowed }) => isAllowed).map(({ phoneNumber, username }) => {
      if (username === null) return phoneNumber
      const person = platform.people.find((each) => each.phoneNumber === phoneNumber)
      return `bsuid:${portfolio === undefined ? '' : (person?.userIdFor(portfolio) ?? '')}`
    })
    const accounts = numbers.map((number, index) => {
      const { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = number
      const { baseUrl, mediaHost } = platform
      const ids = { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken }
      const cloudApi = { ...ids, baseUrl, mediaHosts: [mediaHost] }
      return [BUSINESS_NUMBERS[index]?.account ?? '', { cloudApi }]
    })
    const whatsapp = {
      transport: 'cloud-api',
      accounts: Object.fromEntries(accounts),
      allowFrom,
      pace: { perMinute: 100_000, perHour: 1_000_000 },
      catchUp: { maxAgeMinutes: CATCH_UP_MINUTES },
    }
    const whatsappd = { log: { level: 'info', format: 'json' } }
    writeFileSync(this.#configPath, JSON.stringify({ channels: { whatsapp }, whatsappd }, null, 2))
  }

  async #up(): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS
    while (this.daemon.controlPlane() === null) {
      if (performance.now() > deadline || !this.daemon.isRunning)
        throw new Error(`the daemon did not come up on port ${this.#port}:\n${this.daemon.tail}`)
      await delay(POLL_MS)
    }
  }
}

/** The texts of messages that are shown as not sent, and of those that wait behind one of which nothing is known. */
function notSentIn(messages: MethodResult<'outbox.list'>['messages']): string[] {
  const unknown = new Set(
    messages.filter(({ waitsFor }) => waitsFor === 'status').map(({ conversation }) => conversation),
  )
  return messages
    .filter(({ state, conversation }) => state === 'failed' || unknown.has(conversation))
    .map(({ text }) => text)
}

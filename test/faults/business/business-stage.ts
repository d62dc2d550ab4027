import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BusinessPlatform } from '../../../src/simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../../src/simulator/business/management/business-number.ts'
import { freePort } from '../../support/tunnels/free-port.ts'
import { DaemonProcess } from '../daemon-process.ts'
import { WallClock } from '../wall-clock.ts'
import { BUSINESS_NUMBER, CUSTOMERS } from './business-cast.ts'
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
  readonly number: BusinessNumber
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
    this.number = o.platform.addNumber({ phoneNumber: BUSINESS_NUMBER, name: 'Corner Shop' })
    this.ledger = new BusinessLedger(this.number)
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
    stage.#writeConfig()
    stage.daemon.spawn()
    await stage.#up()
    await platform.subscribe(stage.number, `http://127.0.0.1:${port}/webhooks/whatsapp/default`)
    return stage
  }

  async killAndRestart(downMs: number): Promise<void> {
    await this.daemon.end('SIGKILL')
    this.ledger.killed()
    for (const damage of this.daemon.damage()) this.ledger.corrupt(`after a kill: ${damage}`)
    await delay(downMs)
    this.daemon.spawn()
  }

  /** A person puts a new token into the config. */
  renewToken(): void {
    this.platform.renewToken(this.number)
    this.#writeConfig()
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
    const { messages } = await this.daemon.ask((client) =>
      client.request('outbox.list', { account: 'default', limit: 100 }),
    )
    const unknown = new Set(
      messages.filter(({ waitsFor }) => waitsFor === 'status').map(({ conversation }) => conversation),
    )
    return messages
      .filter(({ state, conversation }) => state === 'failed' || unknown.has(conversation))
      .map(({ text }) => text)
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
    const { number, platform } = this
    const { phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = number
    const allowFrom = CUSTOMERS.filter(({ isAllowed }) => isAllowed).map(({ phoneNumber, username }) => {
      if (username === null) return phoneNumber
      const person = platform.people.find((each) => each.phoneNumber === phoneNumber)
      return `bsuid:${person?.userIdFor(number.account.portfolio) ?? ''}`
    })
    const whatsapp = {
      transport: 'cloud-api',
      cloudApi: {
        phoneNumberId,
        businessAccountId,
        accessToken,
        appSecret,
        verifyToken,
        baseUrl: platform.baseUrl,
        mediaHosts: [platform.mediaHost],
      },
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

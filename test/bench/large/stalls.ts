import { setTimeout as delay } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { Database } from '../../../src/storage/database/database.ts'
import type { OurBot } from '../bots/ours.ts'
import type { GroupSettings } from '../groups/group.ts'
import { Measurement } from '../groups/measurement.ts'
import { type LoopReading, LoopProbe } from '../probes/loop-probe.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { SimulatorClient } from '../whatsapp/simulator-client.ts'
import { fillAccount } from './fill-account.ts'

const NUMBERS = 20_000
const ACCOUNTS = 50
const SEED = 1
/** After each step, for what follows it. */
const SETTLE_MS = 300
/** What goes on behind its answer is watched for so long. */
const LONG_WORK_MS = 20_000
const STEP_LIMIT_MS = 180_000
const PHONE_OF_ANOTHER = '+15550500001'
const ANOTHER = 'account-2'

export interface Stall {
  step: string
  /** Why it could not be measured. */
  problem: string | null
  /** Until it is done, or until it was watched for long enough. */
  tookMs: number
  /** The longest time for which the event loop did nothing else. */
  stallMs: number
  /** The same without the time in which other programs kept its thread from the processor: what the budget is about. */
  ownStallMs: number
  ownCpuMs: number
}

/** Fills a linked account, starts the daemon on it, and leads it through everything that people and programs ask of it. */
export async function measureStalls(settings: GroupSettings): Promise<Stall[]> {
  const measurement = new Measurement()
  try {
    return await new StallRun(settings, measurement).run()
  } finally {
    await measurement.stop()
  }
}

class StallRun {
  readonly #settings: GroupSettings
  readonly #measurement: Measurement
  readonly #probe: LoopProbe
  readonly #bot: OurBot
  readonly #simulator: SimulatorClient
  readonly #stalls: Stall[] = []
  readonly #numbers = [
    CONTACT,
    ...Array.from({ length: NUMBERS - 1 }, (_, index) => `+1555${1_000_001 + index}`),
  ]
  #isFilled = false

  constructor(settings: GroupSettings, measurement: Measurement) {
    this.#settings = settings
    this.#measurement = measurement
    this.#probe = measurement.own(new LoopProbe())
    this.#simulator = measurement.simulator()
    const further = Array.from({ length: ACCOUNTS - 1 }, (_, index) => [
      `account-${index + 2}`,
      { allowFrom: [CONTACT] },
    ])
    this.#bot = measurement.ours(settings, {
      nodeFlags: this.#probe.nodeFlags,
      env: this.#probe.env,
      channel: {
        maxAccounts: ACCOUNTS + 1,
        retention: { days: 100 },
        accounts: { default: {}, ...Object.fromEntries(further) },
      },
      listening: async () => {
        if (this.#isFilled) await this.#note('opening, until it listens', 0)
      },
    })
  }

  async run(): Promise<Stall[]> {
    const { progress } = this.#settings
    const server = await this.#measurement.step('the start of the simulator', this.#simulator.start())
    await this.#simulator.ask('addPhones', { numbers: [PHONE_OF_ANOTHER] })
    const { qr } = await this.#measurement.step('the first QR', this.#bot.start(server, this.#numbers))
    await this.#simulator.ask('scan', { qr })
    await this.#measurement.step('linking', this.#bot.connected())
    await this.#simulator.ask('converse', { messages: 5 })
    await this.#bot.halt()
    this.#fill()
    progress('filled; opening')
    this.#isFilled = true
    const connectedMs = await this.#measurement.step('the start', this.#bot.resume(), STEP_LIMIT_MS)
    await delay(SETTLE_MS)
    await this.#note('from then on until it is connected (took: since the start)', connectedMs)
    await this.#watch('the first 20 seconds (indexing, upkeep)', () => delay(LONG_WORK_MS))
    for (const [step, work] of Object.entries(this.#steps())) await this.#watch(step, work)
    return this.#stalls
  }

  /** With the daemon's own schema, as if all of it had come by itself. */
  #fill(): void {
    const path = join(this.#bot.stateDirectory, 'accounts', 'default', 'account.db')
    const database = Database.open(path, ACCOUNT_MIGRATIONS)
    try {
      const { messages, conversations } = this.#settings.load
      // The conversation of the contact is there already.
      fillAccount(database, { messages, conversations, seed: SEED }, { firstId: 100 })
      database.truncateLog()
    } finally {
      database.close()
    }
    this.#settings.progress(`account.db has ${(statSync(path).size / 2 ** 20).toFixed(0)} MiB`)
  }

  #steps(): Readonly<Record<string, () => Promise<unknown>>> {
    const bot = this.#bot
    const { client } = bot
    const numbers = this.#numbers
    const someone = '177'
    return {
      'idle for a second': () => delay(1_000),
      'session.subscribe': () => client.request('session.subscribe', {}),
      'config.get': () => client.request('config.get', {}),
      'accounts.list': () => client.request('accounts.list', {}),
      'conversations.list, ten pages': () => this.#pages(),
      'conversations.messages': () =>
        client.request('conversations.messages', { conversation: someone, limit: 100 }),
      'conversations.search': () =>
        client.request('conversations.search', { text: 'words message', limit: 50 }),
      'messages and their replies, 20': () => this.#simulator.ask('converse', { messages: 20 }),
      'config.addAllowFrom of 1': () =>
        client.request('config.addAllowFrom', { allowFrom: ['+12139999999'] }),
      'config.removeAllowFrom of 1,000': () =>
        client.request('config.removeAllowFrom', { allowFrom: numbers.slice(1, 1_001) }),
      'config.update of one setting': () =>
        client.request('config.update', { changes: [{ path: 'typing', value: false }] }),
      'an edit of the file by hand': () => bot.saveAllowFrom(numbers.slice(0, -1)),
      'accounts.create and accounts.remove': async () => {
        await client.request('accounts.create', { id: 'another-one' })
        await client.request('accounts.remove', { account: 'another-one' })
      },
      'linking another account (keys of a new device)': () => this.#linkAnother(),
      'accounts.disconnect and accounts.reconnect': async () => {
        await client.request('accounts.disconnect', { account: ANOTHER })
        await client.request('accounts.reconnect', {})
        await bot.untilConnected('default')
      },
      'whatsappd export, 20 seconds of it': () => this.#command(['export'], LONG_WORK_MS),
      'whatsappd backup, beside messages': () =>
        Promise.all([
          this.#command(['backup', join(bot.stateDirectory, '..', 'copy.db')], STEP_LIMIT_MS),
          this.#simulator.ask('converse', { messages: 20 }),
        ]),
      'conversations.forget of one': () =>
        client.request('conversations.forget', { conversation: someone, confirm: true }),
      'retention, from 90 days to 45': async () => {
        await bot.saveChannel({ retention: { days: 45 } }, numbers)
        await delay(LONG_WORK_MS)
      },
      'stopping and opening again': async () => {
        await bot.halt()
        await bot.resume()
      },
    }
  }

  async #pages(): Promise<void> {
    let cursor: string | null = null
    for (let page = 0; page < 10; page += 1) {
      const answer: { cursor: string | null } = await this.#bot.client.request('conversations.list', {
        limit: 100,
        ...(cursor !== null && { cursor }),
      })
      cursor = answer.cursor
      if (cursor === null) return
    }
  }

  async #linkAnother(): Promise<void> {
    const { qr } = await this.#bot.offerFor(ANOTHER)
    await this.#simulator.ask('scan', { qr, phoneNumber: PHONE_OF_ANOTHER })
    await this.#bot.untilConnected(ANOTHER)
  }

  /** A command of the command line beside the daemon; ended after the limit. */
  async #command(args: readonly string[], limitMs: number): Promise<void> {
    const { stateDirectory, configPath } = this.#bot
    const place = ['--state-dir', stateDirectory, '--config', configPath]
    const child = spawn(process.execPath, [this.#settings.program, ...args, ...place], { stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGTERM'), limitMs)
    await once(child, 'exit')
    clearTimeout(timer)
  }

  async #watch(step: string, work: () => Promise<unknown>): Promise<void> {
    await delay(SETTLE_MS)
    await this.#probe.read(this.#bot.pid)
    const begin = performance.now()
    let problem: string | null = null
    try {
      await this.#measurement.step(step, work(), STEP_LIMIT_MS)
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
      this.#settings.progress(`${step} failed: ${problem}`)
    }
    const tookMs = performance.now() - begin
    await delay(SETTLE_MS)
    await this.#note(step, tookMs, problem)
  }

  async #note(step: string, tookMs: number, problem: string | null = null): Promise<void> {
    const reading: LoopReading = await this.#probe.read(this.#bot.pid)
    const stall = {
      step,
      problem,
      tookMs,
      stallMs: reading.worstDelayMs,
      ownStallMs: reading.worstOwnDelayMs,
      ownCpuMs: reading.ownCpuMs,
    }
    this.#stalls.push(stall)
    this.#settings.progress(`${step}: ${stall.ownStallMs.toFixed(0)} ms (${tookMs.toFixed(0)} ms)`)
  }
}

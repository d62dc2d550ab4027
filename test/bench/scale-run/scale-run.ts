import { setTimeout as delay } from 'node:timers/promises'
import { OurBot } from '../bots/ours.ts'
import { cpuTimeMs, memoryOf, type Memory, threadTimeMs, wakeups } from '../probes/process-figures.ts'
import { within } from '../report/within.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import { SimulatorClient } from '../whatsapp/simulator-client.ts'
import type { Answers, Outage } from '../whatsapp/simulator-requests.ts'

const STEP_TIMEOUT_MS = 120_000
const START_TIMEOUT_MS = 900_000
const MINUTE_MS = 60_000

export interface ScaleOptions {
  /** The built daemon. */
  program: string
  daemons: number
  /** Processes that play WhatsApp, each for its share of the daemons. */
  simulators: number
  /** How many daemons are linked at a time. */
  linkers: number
  /** Of the second start: each daemon begins at a random moment of this time, milliseconds. */
  spreadMs: number
  outageMs: number
  /** Without work, before memory is read. */
  settleMs: number
  idleMs: number
}

/** Of one start of all daemons; milliseconds. */
export interface Start {
  /** From the spawn of each until it is connected. */
  connectedMs: number[]
  /** From the first spawn until the last one is connected. */
  tookMs: number
  /** Processor time of each until all are connected. */
  cpuMs: number[]
}

export interface ScaleFigures {
  atOnce: Start
  spread: Start
  idle: {
    memory: Memory[]
    cpuPerMinuteMs: number[]
    wakeupsPerSecond: number[]
  }
  answers: Answers & { cpuMs: number[] }
  outage: Outage & { cpuMs: number[] }
}

interface Sandbox {
  bot: OurBot
  phoneNumber: string
  simulator: SimulatorClient
}

/** Many daemons on one machine, each a process of its own with a phone of its own. */
export class ScaleRun {
  readonly #o: ScaleOptions
  readonly #progress: (line: string) => void
  readonly #random: () => number
  readonly #simulators: SimulatorClient[] = []
  readonly #sandboxes: Sandbox[] = []

  constructor(o: ScaleOptions, progress: (line: string) => void, random: () => number = Math.random) {
    this.#o = o
    this.#progress = progress
    this.#random = random
  }

  async run(): Promise<ScaleFigures> {
    await this.#link()
    await this.#halt()
    const atOnce = await this.#start('all at once', 0)
    const idle = await this.#idle()
    const answers = await this.#answers()
    const outage = await this.#outage()
    await this.#halt()
    const spread = await this.#start('spread', this.#o.spreadMs)
    return { atOnce, spread, idle, answers, outage }
  }

  /** Ends everything and removes the files. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#sandboxes.map(({ bot }) => bot.stop()))
    await Promise.allSettled(this.#simulators.map((simulator) => simulator.stop()))
  }

  async #link(): Promise<void> {
    const { daemons, simulators, linkers, program } = this.#o
    const servers = await Promise.all(
      Array.from({ length: simulators }, async () => {
        const simulator = new SimulatorClient()
        this.#simulators.push(simulator)
        return { simulator, address: await simulator.start() }
      }),
    )
    const waiting = Array.from({ length: daemons }, (_, index) => index)
    const linkNext = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const server = servers[index % servers.length]
        if (server === undefined) throw new RangeError('there is no simulator')
        const { simulator, address } = server
        const phoneNumber = `+1555050${String(index).padStart(4, '0')}`
        const bot = new OurBot({ program })
        this.#sandboxes.push({ bot, phoneNumber, simulator })
        await simulator.ask('addPhones', { numbers: [phoneNumber] })
        const offer = bot.start(address, [CONTACT])
        const { qr } = await within('the QR', STEP_TIMEOUT_MS, offer, () => bot.lastWords)
        await simulator.ask('scan', { qr, phoneNumber })
        await within('linking', STEP_TIMEOUT_MS, bot.connected(), () => bot.lastWords)
        // A client's login is not over at once; ended here it would be repeated at the next start.
        await bot.halt()
        if (this.#sandboxes.length % 20 === 0) this.#progress(`linked ${this.#sandboxes.length}`)
      }
    }
    await Promise.all(Array.from({ length: linkers }, linkNext))
  }

  async #halt(): Promise<void> {
    await Promise.all(this.#sandboxes.map(({ bot }) => bot.halt()))
  }

  async #start(what: string, spreadMs: number): Promise<Start> {
    const startedAt = performance.now()
    const connectedMs = await Promise.all(
      this.#sandboxes.map(async ({ bot }) => {
        await delay(spreadMs * this.#random())
        return within(`start, ${what}`, START_TIMEOUT_MS, bot.resume(), () => bot.lastWords)
      }),
    )
    const tookMs = performance.now() - startedAt
    this.#progress(`started ${what}: ${Math.round(tookMs / 1000)} s`)
    return { connectedMs, tookMs, cpuMs: this.#each(cpuTimeMs) }
  }

  async #idle(): Promise<ScaleFigures['idle']> {
    await delay(this.#o.settleMs)
    const memory = this.#each(memoryOf)
    const before = { at: performance.now(), cpuMs: this.#each(threadTimeMs), wakeups: this.#each(wakeups) }
    await delay(this.#o.idleMs)
    const tookMs = performance.now() - before.at
    const grown = (now: number[], then: number[], perMs: number): number[] =>
      now.map((value, index) => ((value - (then[index] ?? Number.NaN)) / tookMs) * perMs)
    this.#progress('idle measured')
    return {
      memory,
      cpuPerMinuteMs: grown(this.#each(threadTimeMs), before.cpuMs, MINUTE_MS),
      wakeupsPerSecond: grown(this.#each(wakeups), before.wakeups, 1_000),
    }
  }

  async #answers(): Promise<ScaleFigures['answers']> {
    const { result, cpuMs } = await this.#measured(() =>
      this.#atEach((simulator, owners) => simulator.ask('ask', { owners })),
    )
    this.#progress('a message each answered')
    return { ...together(result), cpuMs }
  }

  async #outage(): Promise<ScaleFigures['outage']> {
    const forMs = this.#o.outageMs
    const { result, cpuMs } = await this.#measured(() =>
      this.#atEach((simulator, owners) => simulator.ask('outage', { owners, forMs })),
    )
    const sum = (read: (outage: Outage) => number): number =>
      result.reduce((total, outage) => total + read(outage), 0)
    this.#progress('all are back after the outage')
    return {
      ...together(result),
      reconnectsMs: result.flatMap(({ reconnectsMs }) => reconnectsMs),
      away: sum(({ away }) => away),
      attempts: sum(({ attempts }) => attempts),
      // The peaks of two servers need not be in the same second: this is the most that it can have been.
      peakAttemptsPerSecond: sum(({ peakAttemptsPerSecond }) => peakAttemptsPerSecond),
      peakLoginsPerSecond: sum(({ peakLoginsPerSecond }) => peakLoginsPerSecond),
      cpuMs,
    }
  }

  #atEach<T>(ask: (simulator: SimulatorClient, owners: string[]) => Promise<T>): Promise<T[]> {
    return Promise.all(
      this.#simulators.map((simulator) =>
        ask(
          simulator,
          this.#sandboxes
            .filter((sandbox) => sandbox.simulator === simulator)
            .map(({ phoneNumber }) => phoneNumber),
        ),
      ),
    )
  }

  async #measured<T>(act: () => Promise<T>): Promise<{ result: T; cpuMs: number[] }> {
    const before = this.#each(cpuTimeMs)
    const result = await act()
    return {
      result,
      cpuMs: this.#each(cpuTimeMs).map((value, index) => value - (before[index] ?? Number.NaN)),
    }
  }

  #each<T>(read: (pid: number) => T): T[] {
    return this.#sandboxes.map(({ bot }) => read(bot.pid))
  }
}

function together(answers: readonly Answers[]): Answers {
  return {
    roundTripsMs: answers.flatMap(({ roundTripsMs }) => roundTripsMs),
    lost: answers.reduce((total, { lost }) => total + lost, 0),
    twice: answers.reduce((total, { twice }) => total + twice, 0),
  }
}

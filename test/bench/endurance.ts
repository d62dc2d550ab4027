/**
 * Leads the built daemon through many messages and reconnects, and prints how its memory, files, rows, timers and
 * listeners develop. stdout carries the curve and the verdict; progress goes to stderr. Exits with 1 when a bound is broken.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CONTACTS } from './whatsapp/cast.ts'
import { type Checkpoint, enduranceTable } from './endurance-run/endurance-table.ts'
import { enduranceVerdict } from './endurance-run/endurance-verdict.ts'
import { footprint } from './probes/footprint.ts'
import { OurBot } from './bots/ours.ts'
import { ResourceProbe } from './probes/resource-probe.ts'
import { cpuTimeMs } from './probes/process-figures.ts'
import { SimulatorClient } from './whatsapp/simulator-client.ts'
import type { Endurance } from './whatsapp/simulator-requests.ts'
import { unfinished } from './probes/unfinished.ts'
import { within } from './report/within.ts'

const USAGE = `npm run -s bench:endurance -- [--messages N] [--reconnects N] [--stages N] [--in-flight N] [--program PATH] [--node-flag FLAG]... [--json]

  --messages N      in all (default 100000)
  --reconnects N    in all, evenly among the messages (default 1000)
  --stages N        how many lines the curve has (default 20); the first stage is the warm-up
  --in-flight N     unanswered messages of each of the four people (default 4)

SIGINT to this process ends it with the stage under way, and what was measured by then is shown.`

const START_TIMEOUT_MS = 60_000
/** What was answered is settled soon after. */
const SETTLE_TIMEOUT_MS = 60_000
const SETTLE_POLL_MS = 200
/** What is left alone then: delayed writes, receipts, the last garbage collection of the load. */
const CALM_MS = 3_000
const IDLE_MS = 10_000

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    reconnects: { type: 'string', default: '1000' },
    stages: { type: 'string', default: '20' },
    'in-flight': { type: 'string', default: '4' },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
    'node-flag': { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const progress = (line: string): void => void process.stderr.write(`${line}\n`)

class LongRun {
  readonly #probe = new ResourceProbe()
  readonly #simulator = new SimulatorClient()
  readonly #bot = new OurBot({
    program: resolve(options.program),
    nodeFlags: [...this.#probe.nodeFlags, ...options['node-flag']],
    env: this.#probe.env,
    // Cut a thousand times on purpose, it need not be polite.
    settings: { reconnect: { firstDelaySeconds: 0.02, maxDelaySeconds: 0.1 } },
  })
  #cutShort = false
  #messages = 0
  #reconnects = 0

  async run(
    stage: { messages: number; reconnects: number; inFlight: number },
    stages: number,
  ): Promise<Checkpoint[]> {
    const server = await this.#simulator.start(CONTACTS)
    const { qr } = await within('the first QR', START_TIMEOUT_MS, this.#bot.start(server, CONTACTS))
    await this.#simulator.ask('scan', { qr })
    await within('linking', START_TIMEOUT_MS, this.#bot.connected())
    await delay(IDLE_MS)
    const checkpoints = [await this.#look(null, false)]
    for (let number = 1; number <= stages; number++) {
      const isLast = (): boolean => number === stages || this.#cutShort
      const cpuBeforeMs = cpuTimeMs(this.#bot.pid)
      const figures = await this.#simulator.ask('endure', stage)
      const cpuMs = (cpuTimeMs(this.#bot.pid) - cpuBeforeMs) / stage.messages
      this.#messages += stage.messages
      this.#reconnects += stage.reconnects
      await this.#settled()
      // Counting collects garbage, so it comes where it flatters no later figure: after the warm-up and at the end.
      checkpoints.push(await this.#look({ ...figures, cpuPerMessageMs: cpuMs }, number === 1 || isLast()))
      const rate = (stage.messages / figures.seconds).toFixed(0)
      const memory = checkpoints.at(-1)?.footprint.residentMib.toFixed(0)
      progress(`${number} of ${stages}: ${rate} messages/s, ${memory} MiB`)
      if (isLast() && number > 1) break
    }
    return checkpoints
  }

  /** Ends with the stage under way: what was measured by then is shown. */
  cutShort(): void {
    this.#cutShort = true
  }

  async stop(): Promise<void> {
    await this.#bot.stop()
    await this.#simulator.stop()
    this.#probe.stop()
  }

  /** Nothing is under way in the daemon; when something still is after a minute, the next look says so. */
  async #settled(): Promise<void> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS
    while (unfinished(this.#bot.stateDirectory) > 0 && performance.now() < deadline)
      await delay(SETTLE_POLL_MS)
    await delay(CALM_MS)
  }

  async #look(load: (Endurance & { cpuPerMessageMs: number }) | null, counts: boolean): Promise<Checkpoint> {
    const { pid, stateDirectory } = this.#bot
    return {
      messages: this.#messages,
      reconnects: this.#reconnects,
      load,
      unfinished: unfinished(stateDirectory),
      footprint: footprint(pid, stateDirectory),
      resources: counts ? await this.#probe.readQuiet(pid) : null,
    }
  }
}

async function main(): Promise<void> {
  const [messages, reconnects, stages, inFlight] = [
    options.messages,
    options.reconnects,
    options.stages,
    options['in-flight'],
  ].map(Number)
  const valid = [messages, reconnects, stages, inFlight].every(
    (value) => Number.isInteger(value) && Number(value) >= 0,
  )
  if (options.help || !valid || !messages || !stages || !inFlight || reconnects === undefined || stages < 2) {
    progress(USAGE)
    process.exitCode = options.help ? 0 : 2
    return
  }
  if (!existsSync(options.program)) throw new Error(`${options.program} is not built`)
  const run = new LongRun()
  process.once('SIGINT', () => run.cutShort())
  try {
    const stage = {
      messages: Math.ceil(messages / stages),
      reconnects: Math.ceil(reconnects / stages),
      inFlight,
    }
    const checkpoints = await run.run(stage, stages)
    const verdict = enduranceVerdict(checkpoints)
    if (options.json) process.stdout.write(`${JSON.stringify({ checkpoints, verdict })}\n`)
    else process.stdout.write(`${enduranceTable(checkpoints)}\n\n${verdict.lines.join('\n')}\n`)
    process.exitCode = verdict.kept ? 0 : 1
  } finally {
    await run.stop()
  }
}

await main()

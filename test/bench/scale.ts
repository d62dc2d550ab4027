/**
 * Many daemons on one machine, as on the node of an orchestrator: linked, started at once and spread, left alone, written to, and
 * without WhatsApp for a while. stdout carries the table; progress goes to stderr. Exits with 1 when something is lost, comes twice or does not come back.
 */
import { existsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { availableMemoryMib } from './scale-run/available-memory.ts'
import { ScaleRun } from './scale-run/scale-run.ts'
import { isSound, scaleTable } from './scale-run/scale-table.ts'

const USAGE = `npm run -s bench:scale -- [--daemons N] [--simulators N] [--linkers N] [--spread-seconds N] [--outage-seconds N]
                                   [--settle-seconds N] [--idle-seconds N] [--program PATH] [--busy] [--json]

  --daemons N         how many (default 200); each needs about 60 MiB
  --simulators N      processes that play WhatsApp (default: one for each 100 daemons)
  --linkers N         how many are linked at a time (default: as many as there are cores)
  --spread-seconds N  the second start: each daemon begins at a random moment of this time (default 60)
  --outage-seconds N  how long WhatsApp takes no connection (default 60)
  --settle-seconds N  without work before memory is read (default 20)
  --idle-seconds N    how long they are watched without work (default 30)
  --busy              also where other programs use the cores: for trying it, the figures mean nothing

It ends by itself when the machine runs out of memory.`

/** Of one daemon and what the simulator keeps for it; more is a daemon that needs to be looked at. */
const MEMORY_OF_ONE_MIB = 60
/** Below this the kernel begins to kill. */
const LEAST_MEMORY_MIB = 1_024
const LOOK_MS = 2_000
/** Of other programs, on each core, over a minute: beside more than that, starts and logins wait for processor time until they are given up. */
const BUSY_LOAD = 0.5

const { values: options } = parseArgs({
  options: {
    daemons: { type: 'string', default: '200' },
    simulators: { type: 'string' },
    linkers: { type: 'string', default: String(availableParallelism()) },
    'spread-seconds': { type: 'string', default: '60' },
    'outage-seconds': { type: 'string', default: '60' },
    'settle-seconds': { type: 'string', default: '20' },
    'idle-seconds': { type: 'string', default: '30' },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
    busy: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const progress = (line: string): void => void process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const daemons = Number(options.daemons)
  const numbers = {
    daemons,
    simulators: Number(options.simulators ?? Math.ceil(daemons / 100)),
    linkers: Number(options.linkers),
    spreadMs: Number(options['spread-seconds']) * 1_000,
    outageMs: Number(options['outage-seconds']) * 1_000,
    settleMs: Number(options['settle-seconds']) * 1_000,
    idleMs: Number(options['idle-seconds']) * 1_000,
  }
  const isValid = Object.values(numbers).every((value) => Number.isFinite(value) && value >= 0)
  if (options.help || !isValid || daemons < 1 || numbers.simulators < 1 || numbers.linkers < 1) {
    progress(USAGE)
    process.exitCode = options.help ? 0 : 2
    return
  }
  if (!existsSync(options.program)) throw new Error(`${options.program} is not built`)
  const neededMib = daemons * MEMORY_OF_ONE_MIB
  if (availableMemoryMib() < neededMib)
    throw new Error(`${daemons} daemons need about ${neededMib} MiB of free memory: --daemons for fewer`)
  const [load = 0] = loadavg()
  if (!options.busy && load > availableParallelism() * BUSY_LOAD)
    throw new Error(`other programs use the cores (load ${load.toFixed(1)}): --busy to try it all the same`)
  const run = new ScaleRun({ ...numbers, program: resolve(options.program) }, progress)
  // What was started ends with this process.
  process.once('SIGINT', () => void run.stop().then(() => process.exit(130)))
  const watch = setInterval(() => {
    if (availableMemoryMib() > LEAST_MEMORY_MIB) return
    clearInterval(watch)
    progress('ended: the machine runs out of memory')
    void run.stop().then(() => process.exit(1))
  }, LOOK_MS)
  try {
    const figures = await run.run()
    const machine = `${daemons} daemons; ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`
    process.stdout.write(
      options.json ? `${JSON.stringify({ machine, figures })}\n` : `${machine}\n\n${scaleTable(figures)}\n`,
    )
    process.exitCode = isSound(figures) ? 0 : 1
  } finally {
    clearInterval(watch)
    await run.stop()
  }
}

await main()

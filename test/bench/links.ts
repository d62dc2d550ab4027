/**
 * Links account after account, by QR and by code in turns, while random delays stretch the supervisor's awaits and
 * WhatsApp's answers: a race between the restart that ends linking and the login after it shows as a stall.
 */
import { parseArgs } from 'node:util'
import { createLogger } from '../../src/observability/log/logger.ts'
import { SeededRandom } from '../../src/simulator/seeded-random.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { percentile } from './report/percentile.ts'

const USAGE = `npm run -s bench:links -- [--count N] [--seed N] [--delay-ms N] [--deadline-ms N]

  --count N        how many links (default 200)
  --seed N         of the delays (default: the time)
  --delay-ms N     each delay is between 0 and this (default 100)
  --deadline-ms N  a link that takes longer from the scan on has stalled (default 8000); prints what both sides did`

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'delay-ms': { type: 'string', default: '100' },
    'deadline-ms': { type: 'string', default: '8000' },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) {
  console.log(USAGE)
  process.exit(0)
}

const count = Number(options.count)
const random = new SeededRandom(Number(options.seed))
const delayMs = (): number => random.between(0, Number(options['delay-ms']))
const durations: number[] = []
let stalls = 0

for (let number = 1; number <= count; number += 1) {
  const method = number % 2 === 0 ? 'code' : 'qr'
  const lines: string[] = []
  const stack = await Stack.start({
    timings: { pauseMs: delayMs },
    logger: createLogger({
      level: 'debug',
      destination: { write: (line) => void lines.push(`${at()} daemon ${line.trim()}`) },
    }),
  })
  stack.simulator.faults.latencyMs = delayMs
  stack.simulator.onTrace(({ direction, node: { tag, attrs } }) =>
    lines.push(`${at()} WhatsApp ${direction} ${tag} ${JSON.stringify(attrs)}`),
  )
  try {
    durations.push(await link(stack, method))
  } catch (error) {
    stalls += 1
    console.log(
      `link ${number} by ${method} stalled: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  stack.simulator.faults.latencyMs = 0
  await stack.stop()
}
const [half, most, all] = [0.5, 0.99, 1].map((share) => Math.round(percentile(durations, share)))
console.log(
  `${count} links (seed ${options.seed}, delays of 0 to ${options['delay-ms']} ms): ${stalls} stalled; ` +
    `from the scan to connected p50 ${half} ms, p99 ${most} ms, at most ${all} ms`,
)
process.exit(stalls === 0 ? 0 : 1)

/** Milliseconds from the phone's consent to `connected`. */
async function link(stack: Stack, method: 'qr' | 'code'): Promise<number> {
  const deadlineMs = Number(options['deadline-ms'])
  if (method === 'qr') {
    const { qr } = await stack.qr()
    const startedAt = performance.now()
    await stack.owner.scan(qr)
    await stack.untilState('connected', deadlineMs)
    return performance.now() - startedAt
  }
  const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: OWNER })
  if (offer.method !== 'code') throw new Error('not a code')
  await askedForCode(stack)
  const startedAt = performance.now()
  await stack.owner.enterCode(offer.code)
  await stack.untilState('connected', deadlineMs)
  return performance.now() - startedAt
}

/** The code is shown as soon as it is on its way to WhatsApp; a person takes longer to type it. */
function askedForCode({ simulator, owner }: Stack): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!owner.isAskedForCode) return
      stop()
      resolve()
    }
    const stop = simulator.onChange(look)
    look()
  })
}

/** Milliseconds on one clock for both sides. */
function at(): string {
  return performance.now().toFixed(0).padStart(9)
}

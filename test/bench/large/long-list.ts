/**
 * How long the daemon's event loop is held up at worst while a long allowlist is read, edited, shown and asked.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import { type LoopReading, LoopProbe } from '../probes/loop-probe.ts'
import { OurBot } from '../bots/ours.ts'
import { SimulatorClient } from '../whatsapp/simulator-client.ts'

/** After each step, for what follows it. */
const SETTLE_MS = 300

export interface LongListFigure {
  step: string
  /** Until the answer, or until it is in force: the quickest of the rounds. */
  tookMs: number
  /** The longest stall of the event loop in each round. */
  stallsMs: number[]
  /** The same without the time in which other programs kept its thread from the processor. */
  ownStallsMs: number[]
  /** The thread of the event loop: the least of the rounds. */
  ownCpuMs: number
  /** All threads: the least of the rounds. */
  cpuMs: number
}

type Steps = Readonly<Record<string, () => Promise<unknown>>>

/** Each step once a round, on a daemon with so many numbers on its list; the start once for each round too. */
export async function measureLongList(
  program: string,
  load: { numbers: number; rounds: number },
  progress: (line: string) => void,
): Promise<LongListFigure[]> {
  const figures = new Map<string, LongListFigure>()
  const note = (
    step: string,
    tookMs: number,
    { worstDelayMs, worstOwnDelayMs, ownCpuMs, cpuMs }: LoopReading,
  ): void => {
    const known = figures.get(step) ?? { step, tookMs, stallsMs: [], ownStallsMs: [], ownCpuMs, cpuMs }
    figures.set(step, {
      step,
      tookMs: Math.min(known.tookMs, tookMs),
      stallsMs: [...known.stallsMs, worstDelayMs],
      ownStallsMs: [...known.ownStallsMs, worstOwnDelayMs],
      ownCpuMs: Math.min(known.ownCpuMs, ownCpuMs),
      cpuMs: Math.min(known.cpuMs, cpuMs),
    })
  }
  for (let round = 1; round <= load.rounds; round += 1) {
    progress(`round ${round} of ${load.rounds}`)
    await measureRound(program, load.numbers, note)
  }
  return [...figures.values()]
}

async function measureRound(
  program: string,
  count: number,
  note: (step: string, tookMs: number, reading: LoopReading) => void,
): Promise<void> {
  const numbers = [CONTACT, ...Array.from({ length: count - 1 }, (_, index) => `+1212${2_000_000 + index}`)]
  const simulator = new SimulatorClient()
  const probe = new LoopProbe()
  const bot: OurBot = new OurBot({
    program,
    nodeFlags: probe.nodeFlags,
    env: probe.env,
    // Until it listens, nobody waits for it.
    listening: async () => note('start, until it listens', 0, await probe.read(bot.pid)),
  })
  let client: WhatsappdClient | null = null
  try {
    const { qr, firstQrMs } = await bot.start(await simulator.start(), numbers)
    await delay(SETTLE_MS)
    note('accounts.link, until the first QR (took: since the start)', firstQrMs, await probe.read(bot.pid))
    const scannedAt = performance.now()
    await simulator.ask('scan', { qr })
    await bot.connected()
    const connectedMs = performance.now() - scannedAt
    await delay(SETTLE_MS)
    note('from the scan until it is connected', connectedMs, await probe.read(bot.pid))
    await simulator.ask('converse', { messages: 5 })
    client = new WhatsappdClient({ ...bot.controlPlane, WebSocket })
    await client.connect()
    for (const [step, run] of Object.entries(stepsOf(bot, client, simulator, numbers))) {
      await delay(SETTLE_MS)
      await probe.read(bot.pid)
      const begin = performance.now()
      await run()
      const tookMs = performance.now() - begin
      await delay(SETTLE_MS)
      note(step, tookMs, await probe.read(bot.pid))
    }
  } finally {
    client?.close()
    await bot.stop()
    await simulator.stop()
    probe.stop()
  }
}

function stepsOf(
  bot: OurBot,
  client: WhatsappdClient,
  simulator: SimulatorClient,
  numbers: readonly string[],
): Steps {
  return {
    'idle for a second': () => delay(1_000),
    'config.get': () => client.request('config.get', {}),
    'session.subscribe': () => client.request('session.subscribe', {}),
    'whatsappd status (accounts.list and config.get)': () =>
      Promise.all([client.request('accounts.list', {}), client.request('config.get', {})]),
    'an incoming message and its reply': () => simulator.ask('converse', { messages: 1 }),
    'an edit of the file by hand': () => bot.saveAllowFrom(numbers.slice(0, -1)),
    'config.removeAllowFrom of 1,000': () =>
      client.request('config.removeAllowFrom', { allowFrom: numbers.slice(1, 1_001) }),
    'config.addAllowFrom of 1': () => client.request('config.addAllowFrom', { allowFrom: ['+12139999999'] }),
    'config.update of one setting': () =>
      client.request('config.update', { changes: [{ path: 'typing', value: false }] }),
    'config.setAllowFrom of the whole, to 1,000': () =>
      client.request('config.setAllowFrom', { allowFrom: numbers.slice(0, 1_000), confirm: ['wholeList'] }),
    'the long list again, by hand': () => bot.saveAllowFrom(numbers),
  }
}

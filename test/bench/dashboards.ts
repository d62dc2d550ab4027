/**
 * A thousand dashboards on one daemon: how long after Baileys made a QR the last of them has it, what each costs, and
 * whether some that stopped reading hurt the others. Run as `make bench ARGS=--dashboards`.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { MethodName, MethodParams } from '../../src/protocol/methods.ts'
import { OurBot } from './ours.ts'
import { percentile } from './percentile.ts'
import { residentMemoryMib } from './process-figures.ts'
import { SimulatorClient } from './simulator-client.ts'

const FIRST_QR_LIFETIME_MS = 60_000
const OPENED_AT_ONCE = 50

export interface DashboardLoad {
  dashboards: number
  /** How many of them stop reading. */
  stalled: number
  /** How many QRs are made. */
  offers: number
}

export interface DashboardFigures {
  /** From the QR's making to its arrival, each QR at each dashboard that reads, milliseconds. */
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Arrivals that there should be, and were. */
  expected: number
  arrived: number
  memoryBeforeMib: number
  memoryWithMib: number
  memoryAfterMib: number
}

class Dashboard {
  readonly socket: WebSocket
  #nextId = 1

  constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false })
  }

  async subscribe(token: string): Promise<void> {
    await once(this.socket, 'message')
    await this.#call('session.authenticate', { token })
    await this.#call('session.subscribe', {})
  }

  #call<Name extends MethodName>(method: Name, params: MethodParams<Name>): Promise<void> {
    const id = this.#nextId++
    const answered = new Promise<void>((resolve) => {
      const look = (data: Buffer): void => {
        if (!data.toString().startsWith(`{"jsonrpc":"2.0","id":${id},"result"`)) return
        this.socket.off('message', look)
        resolve()
      }
      this.socket.on('message', look)
    })
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return answered
  }
}

export async function measureDashboards(
  program: string,
  load: DashboardLoad,
  progress: (line: string) => void,
): Promise<DashboardFigures> {
  const simulator = new SimulatorClient()
  const bot = new OurBot({ program })
  const dashboards: Dashboard[] = []
  try {
    await bot.start(await simulator.start(), ['+15550000002'])
    const { url, token } = bot.controlPlane
    const memoryBeforeMib = residentMemoryMib(bot.pid)
    for (let first = 0; first < load.dashboards; first += OPENED_AT_ONCE) {
      const some = Array.from({ length: OPENED_AT_ONCE }, () => new Dashboard(url))
      await Promise.all(some.map((dashboard) => dashboard.subscribe(token)))
      dashboards.push(...some)
    }
    progress(`${dashboards.length} dashboards are subscribed`)
    const memoryWithMib = residentMemoryMib(bot.pid)
    const latencies = await collectOffers(bot, dashboards, load)
    return {
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      maxMs: Math.max(...latencies),
      expected: load.offers * (load.dashboards - load.stalled),
      arrived: latencies.length,
      memoryBeforeMib,
      memoryWithMib,
      memoryAfterMib: residentMemoryMib(bot.pid),
    }
  } finally {
    for (const { socket } of dashboards) socket.terminate()
    await bot.stop()
    await simulator.stop()
  }
}

async function collectOffers(bot: OurBot, dashboards: Dashboard[], load: DashboardLoad): Promise<number[]> {
  const latencies: number[] = []
  const stalled = dashboards.slice(0, load.stalled)
  const reading = dashboards.slice(load.stalled)
  for (const { socket } of stalled) socket.pause()
  let awaited: { left: number; resolve: () => void } | null = null
  for (const { socket } of reading) {
    socket.on('message', (data: Buffer) => {
      const receivedAt = Date.now()
      const text = data.toString()
      if (!text.includes('"account.qr"')) return
      const expiresAt = /"sequence":1,.*"expiresAt":"([^"]+)"/.exec(text)?.[1]
      if (expiresAt === undefined) return
      latencies.push(receivedAt - (Date.parse(expiresAt) - FIRST_QR_LIFETIME_MS))
      if (awaited !== null && --awaited.left === 0) awaited.resolve()
    })
  }
  for (let offer = 0; offer < load.offers; offer += 1) {
    await bot.cancelLink()
    const everywhere = new Promise<void>((resolve) => {
      awaited = { left: reading.length, resolve }
    })
    await bot.offerQr()
    await everywhere
  }
  return latencies
}

/**
 * A thousand dashboards on one daemon: how long after Baileys made a QR the last of them has it, what each costs, and
 * whether some that stopped reading hurt the others.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { MethodName, MethodParams } from '../../../src/protocol/methods.ts'
import type { OurBot } from '../bots/ours.ts'
import { percentile } from '../report/percentile.ts'
import { residentMemoryMib } from '../probes/process-figures.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { Group } from './group.ts'
import type { Measurement } from './measurement.ts'

const FIRST_QR_LIFETIME_MS = 60_000
const OPENED_AT_ONCE = 50

const DASHBOARDS = 1_000
/** How many of them stop reading. */
const STALLED = 20
/** How many QRs are made. */
const OFFERS = 20
const OFFER_LIMIT_MS = 30_000

/** Dashboards that are open at the same time. */
export const dashboards: Group = {
  summary: `${DASHBOARDS} dashboards on one daemon, ${STALLED} of which stop reading, and ${OFFERS} QR codes`,
  subjects: ['ours'],
  rounds: 3,
  limitMs: 300_000,
  isUsual: false,
  figures: {
    qrAtDashboardsP50: { label: `QR at ${DASHBOARDS} dashboards, median`, unit: 'ms' },
    qrAtDashboardsP99: { label: `QR at ${DASHBOARDS} dashboards, p99`, unit: 'ms' },
    qrNotArrived: { label: 'QRs that did not arrive', unit: 'QRs', checked: 'ours' },
    memoryOfDashboard: { label: 'memory of a dashboard', unit: 'KiB', checked: 'ours' },
  },
  measure: async (_, settings, measurement) => {
    const simulator = measurement.simulator()
    const bot = measurement.ours(settings)
    await measurement.step('the first QR', bot.start(await simulator.start(), [CONTACT]))
    const { url, token } = bot.controlPlane
    const memoryBeforeMib = residentMemoryMib(bot.pid)
    const open = measurement.own(new Dashboards())
    for (let first = 0; first < DASHBOARDS; first += OPENED_AT_ONCE)
      await measurement.step(`the dashboards from ${first} on`, open.add(OPENED_AT_ONCE, url, token))
    const memoryMib = residentMemoryMib(bot.pid) - memoryBeforeMib
    const latencies = await collectOffers(bot, open.all, measurement)
    return {
      qrAtDashboardsP50: percentile(latencies, 0.5),
      qrAtDashboardsP99: percentile(latencies, 0.99),
      qrNotArrived: OFFERS * (DASHBOARDS - STALLED) - latencies.length,
      memoryOfDashboard: (memoryMib * 1024) / DASHBOARDS,
    }
  },
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

class Dashboards {
  readonly all: Dashboard[] = []

  async add(count: number, url: string, token: string): Promise<void> {
    const some = Array.from({ length: count }, () => new Dashboard(url))
    this.all.push(...some)
    await Promise.all(some.map((dashboard) => dashboard.subscribe(token)))
  }

  stop(): void {
    for (const { socket } of this.all) socket.terminate()
  }
}

/** From the QR's making to its arrival, each QR at each dashboard that reads, milliseconds. */
async function collectOffers(
  bot: OurBot,
  all: readonly Dashboard[],
  measurement: Measurement,
): Promise<number[]> {
  const latencies: number[] = []
  const reading = all.slice(STALLED)
  for (const { socket } of all.slice(0, STALLED)) socket.pause()
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
  for (let offer = 1; offer <= OFFERS; offer += 1) {
    await bot.cancelLink()
    const everywhere = new Promise<void>((resolve) => {
      awaited = { left: reading.length, resolve }
    })
    await bot.offerQr()
    await measurement.step(`QR ${offer} at every dashboard`, everywhere, OFFER_LIMIT_MS)
  }
  return latencies
}

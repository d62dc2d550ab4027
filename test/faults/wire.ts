import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

const HOST = '127.0.0.1'

export type Direction = 'toBot' | 'toWhatsApp'

interface Pair {
  bot: Socket
  whatsApp: Socket
  /** What still passes in a direction before both ends are reset. */
  budget: { direction: Direction; bytes: number } | null
  isStalled: boolean
}

/** The network between the bot and WhatsApp: a TCP relay that can break off in the middle of a frame, or go quiet. */
export class Wire {
  readonly #targetPort: number
  readonly #pairs = new Set<Pair>()
  readonly #listeners = new Set<(direction: Direction) => void>()
  #server: Server | null = null

  constructor(targetPort: number) {
    this.#targetPort = targetPort
  }

  get port(): number {
    // A server that listens on a TCP port has an address of this shape.
    const address = this.#server?.address() as AddressInfo | null | undefined
    if (!address) throw new Error('the wire is not up')
    return address.port
  }

  async start(): Promise<void> {
    const server = createServer((bot) => this.#relay(bot))
    this.#server = server
    server.listen(0, HOST)
    await once(server, 'listening')
  }

  /** Lets `bytes` more pass in this direction, on every connection, then resets both ends. */
  cutAfter(direction: Direction, bytes: number): void {
    for (const pair of this.#pairs) {
      if (bytes === 0) this.#reset(pair)
      else pair.budget = { direction, bytes }
    }
  }

  /** Resets both ends of every connection now, those that have gone quiet too. */
  reset(): void {
    for (const pair of this.#pairs) this.#reset(pair)
  }

  /** The connections of now carry nothing any more, either way; no end learns of it. */
  stall(): void {
    for (const pair of this.#pairs) {
      pair.isStalled = true
      pair.bot.pause()
      pair.whatsApp.pause()
    }
  }

  /** Called whenever a piece of a stream has been handed over. Returns how to stop listening. */
  onPiece(listener: (direction: Direction) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.reset()
    if (server === null) return
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #relay(bot: Socket): void {
    const whatsApp = connect({ host: HOST, port: this.#targetPort, noDelay: true })
    const pair: Pair = { bot, whatsApp, budget: null, isStalled: false }
    this.#pairs.add(pair)
    bot.setNoDelay(true)
    bot.on('data', (data) => this.#pass(pair, 'toWhatsApp', data))
    whatsApp.on('data', (data) => this.#pass(pair, 'toBot', data))
    for (const socket of [bot, whatsApp]) {
      const other = socket === bot ? whatsApp : bot
      socket.on('error', () => undefined) // a close follows
      socket.on('end', () => other.end())
      socket.on('close', () => {
        this.#pairs.delete(pair)
        other.destroySoon()
      })
    }
  }

  #pass(pair: Pair, direction: Direction, data: Buffer): void {
    if (pair.isStalled) return
    const target = direction === 'toBot' ? pair.bot : pair.whatsApp
    const { budget } = pair
    if (budget === null || budget.direction !== direction || data.length < budget.bytes) {
      if (budget?.direction === direction) budget.bytes -= data.length
      target.write(data)
      for (const listener of this.#listeners) listener(direction)
      return
    }
    // The rest of the frame is lost; what went before it arrives, and then the reset.
    pair.isStalled = true
    target.write(data.subarray(0, budget.bytes), () => this.#reset(pair))
  }

  #reset({ bot, whatsApp }: Pair): void {
    bot.resetAndDestroy()
    whatsApp.resetAndDestroy()
  }
}

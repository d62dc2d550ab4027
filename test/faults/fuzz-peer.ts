import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'

/** One WebSocket frame as a client puts it on the wire; what is not given is as the protocol wants it. */
export interface WireFrame {
  opcode: number
  payload: Buffer
  fin?: boolean
  /** The three reserved bits, 0 to 7. */
  reserved?: number
  masked?: boolean
  /** The length that the header claims, in its 64-bit form. */
  claimedLength?: bigint
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const

const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78])

export function encodeFrame(frame: WireFrame): Buffer {
  const { opcode, payload, fin = true, reserved = 0, masked = true } = frame
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  const header = Buffer.concat([Buffer.from([first]), lengthOf(frame, masked ? 0x80 : 0)])
  if (!masked) return Buffer.concat([header, payload])
  const body = Buffer.from(payload)
  for (let index = 0; index < body.length; index += 1)
    body[index] = (body[index] ?? 0) ^ (MASK[index % 4] ?? 0)
  return Buffer.concat([header, MASK, body])
}

function lengthOf({ payload, claimedLength }: WireFrame, maskBit: number): Buffer {
  if (claimedLength !== undefined) {
    const long = Buffer.alloc(9)
    long[0] = maskBit | 127
    long.writeBigUInt64BE(claimedLength, 1)
    return long
  }
  if (payload.length < 126) return Buffer.from([maskBit | payload.length])
  if (payload.length < 65_536) return Buffer.from([maskBit | 126, payload.length >> 8, payload.length & 0xff])
  return lengthOf({ opcode: 0, payload, claimedLength: BigInt(payload.length) }, maskBit)
}

/** A client of the control plane that puts any bytes on the wire and keeps every text that comes back. */
export class FuzzPeer {
  readonly texts: string[] = []
  readonly #tcp: Socket
  readonly #socket: WebSocket
  readonly #closed: Promise<unknown>
  readonly #opened: Promise<unknown>
  #waiter: (() => void) | null = null
  #isClosed = false

  constructor(host: string, port: number) {
    this.#tcp = connect(port, host)
    this.#tcp.on('error', () => undefined)
    this.#socket = new WebSocket(`ws://${host}:${port}/v1/ws`, {
      createConnection: () => this.#tcp,
      perMessageDeflate: false,
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('message', (data: Buffer) => {
      this.texts.push(data.toString('utf8'))
      this.#waiter?.()
    })
    this.#opened = once(this.#socket, 'open')
    this.#closed = once(this.#socket, 'close')
    this.#socket.on('close', () => {
      this.#isClosed = true
      this.#waiter?.()
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Resolves when the server has said hello. */
  async hello(): Promise<void> {
    await this.#opened
    await this.until(() => this.texts.length > 0)
  }

  send(bytes: Buffer): void {
    if (this.#tcp.writable) this.#tcp.write(bytes)
  }

  sendText(text: string): void {
    this.send(encodeFrame({ opcode: OPCODE.text, payload: Buffer.from(text) }))
  }

  /** Resolves when `holds`, or when the socket is closed; rejects after a minute. */
  until(holds: () => boolean): Promise<void> {
    if (holds() || this.#isClosed) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiter = null
        reject(new Error(`neither an answer nor a close; so far: ${this.texts.join(' ').slice(0, 1_000)}`))
      }, 60_000)
      this.#waiter = () => {
        if (!holds() && !this.#isClosed) return
        clearTimeout(timer)
        this.#waiter = null
        resolve()
      }
    })
  }

  /** Cuts the connection when the server has not closed it. */
  async end(): Promise<void> {
    if (this.#isClosed) return
    this.#socket.terminate()
    await this.#closed
  }
}

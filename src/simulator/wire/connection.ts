import { deflateSync, inflateSync } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { decodeDecompressedBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys'
import * as codec from '@whiskeysockets/baileys/lib/WABinary/constants.js'
import type { RawData, WebSocket } from 'ws'
import { DelayLine } from './delay-line.ts'
import { FrameReader, frame } from './frame-reader.ts'
import type { TransportCipher } from './noise-cipher.ts'
import { type Handshake, NoiseServer, type ServerCertificate } from './noise-server.ts'
import type { Stanza } from './stanza.ts'

const COMPRESSED_FLAG = 2
const COMPRESSED_FROM_BYTES = 512
const GARBAGE_BYTES = 64

/** What a connection tells the layer above. */
export interface ConnectionListener {
  onHandshake(handshake: Handshake): void
  onStanza(stanza: Stanza): void
  onClose(): void
}

/** One client socket from the bytes up to stanzas: framing, Noise, the binary codec, and what can go wrong below them. */
export class Connection {
  readonly #webSocket: WebSocket
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  readonly #listener: ConnectionListener
  readonly #certificate: ServerCertificate
  readonly #takesRouting: () => boolean
  readonly #delays: DelayLine
  #noise: NoiseServer | undefined
  #incoming: TransportCipher | undefined
  #outgoing: TransportCipher | undefined
  #isDeaf = false
  #isClosing = false

  constructor(o: {
    webSocket: WebSocket
    socket: Socket
    certificate: ServerCertificate
    latencyMs: () => number
    /** Whether the server understands the routing information in front of a handshake. */
    takesRouting: () => boolean
    listener: ConnectionListener
  }) {
    this.#webSocket = o.webSocket
    this.#socket = o.socket
    this.#certificate = o.certificate
    this.#takesRouting = o.takesRouting
    this.#delays = new DelayLine(o.latencyMs)
    this.#listener = o.listener
  }

  start(): void {
    this.#webSocket.on('message', (data) => this.#receive(data))
    this.#webSocket.on('error', () => undefined) // a close always follows
    this.#webSocket.on('close', () => {
      this.#delays.stop()
      this.#listener.onClose()
    })
  }

  /** Whether the client counts as connected: its socket is open and the server has not ended it. */
  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN && !this.#isDeaf && !this.#isClosing
  }

  /** Frames go out in the order of the calls; nothing goes out on a socket that is not open. */
  send(stanza: Stanza): void {
    this.sendPlaintext(() => compressLong(encodeBinaryNode(stanza)))
  }

  /** Sends the content of a frame, a stanza's bytes or any others, properly encrypted. */
  sendPlaintext(plaintext: () => Uint8Array): void {
    this.#delays.run(() => {
      if (this.#outgoing === undefined || !this.isOpen) return
      this.#webSocket.send(frame(this.#outgoing.encrypt(plaintext())))
    })
  }

  /** A frame of random bytes. The client's cipher is out of step from then on. */
  sendGarbage(): void {
    if (this.isOpen) this.#webSocket.send(frame(randomBytes(GARBAGE_BYTES)))
  }

  /** Closes in order, after what was sent before. */
  close(): void {
    this.#delays.run(() => {
      this.#isClosing = true
      this.#webSocket.close()
    })
  }

  /** From now on nothing is read or written, and a close goes unanswered. */
  goHalfOpen(): void {
    this.#isDeaf = true
    this.#webSocket.pause()
  }

  /** Ends the TCP connection with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  #receive(data: RawData): void {
    if (this.#isDeaf || !(data instanceof Buffer)) return
    try {
      for (const received of this.#reader.push(data)) this.#take(received)
    } catch {
      this.terminate() // a client that cannot be understood is hung up on, as WhatsApp does
    }
  }

  #take(received: Buffer): void {
    if (this.#incoming !== undefined) this.#listener.onStanza(decodeStanza(this.#incoming.decrypt(received)))
    else this.#shakeHands(received)
  }

  #shakeHands(received: Buffer): void {
    // A server that does not know routing information waits for a handshake that never begins.
    if (this.#reader.routingInfo.length > 0 && !this.#takesRouting()) return
    this.#noise ??= new NoiseServer(this.#certificate, this.#reader.intro)
    const step = this.#noise.receive(received)
    if ('reply' in step) {
      this.#delays.run(() => this.isOpen && this.#webSocket.send(frame(step.reply)))
      return
    }
    this.#incoming = step.done.incoming
    this.#outgoing = step.done.outgoing
    this.#listener.onHandshake(step.done)
  }
}

/** As WhatsApp does: what is long goes out compressed, and says so in its first byte. */
function compressLong(encoded: Buffer): Buffer {
  if (encoded.length < COMPRESSED_FROM_BYTES) return encoded
  return Buffer.concat([Buffer.of(COMPRESSED_FLAG), deflateSync(encoded.subarray(1))])
}

function decodeStanza(payload: Buffer): Stanza {
  const isCompressed = (payload.readUInt8() & COMPRESSED_FLAG) !== 0
  const body = payload.subarray(1)
  return decodeDecompressedBinaryNode(isCompressed ? inflateSync(body) : body, codec)
}

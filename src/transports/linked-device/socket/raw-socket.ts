import { Writable } from 'node:stream'
import type { WASocket } from '@whiskeysockets/baileys'

/** How long a peer may take to answer a close that Baileys begins; it waits half a minute by itself. */
const CLOSE_GRACE_MS = 500
/** The client's part of the Noise handshake: its hello, and its finish. */
const HANDSHAKE_FRAMES = 2
/** A peer that leaves more than this unread is waited for, bytes. */
const MAX_UNREAD = 64 * 1_024

/** The WebSocket below Baileys: what leaves by it, and how it ends. */
export class RawSocket {
  readonly #ws: WASocket['ws']
  /** Commits, and writes what is held. */
  #release: () => void = () => {}

  constructor(ws: WASocket['ws']) {
    this.#ws = ws
  }

  /**
   * Each frame waits for `commit`, which throws when it must not leave; frames of one moment share one, and one write. Baileys has
   * captured its own `send`; this is below it. To Baileys a frame is sent when it is held here: what follows it (a message after its
   * receipt) rides on the same commit. A frame that never leaves ends the socket, and WhatsApp is told nothing. Throws
   * when the socket is not where it was.
   */
  commitBeforeFrames(commit: () => void): void {
    const raw = this.#raw
    if (!isSender(raw)) throw new Error('the WebSocket below Baileys is not where it was')
    const send = raw.send.bind(raw)
    let held: unknown[][] = []
    this.#release = () => {
      const frames = held
      held = []
      if (frames.length === 0) return
      try {
        commit()
      } catch {
        // They never leave: the handler of the disk's refusal ends this socket.
        return
      }
      corked(raw, () => {
        for (const frame of frames) send(...frame)
      })
    }
    let handshakeFrames = 0
    // In their order.
    raw.send = (...frame) => {
      // Baileys takes what arrives before its last frame is reported as written for a part of the handshake. Over TLS
      // that report comes a round of the event loop late, so WhatsApp's first stanza could overtake it.
      const isHandshake = handshakeFrames < HANDSHAKE_FRAMES
      handshakeFrames += 1
      const written = frame.at(-1)
      const isReported =
        typeof written === 'function' && (isHandshake || (raw.bufferedAmount ?? 0) <= MAX_UNREAD)
      held.push(isReported ? frame.slice(0, -1) : frame)
      if (held.length === 1) setImmediate(this.#release)
      if (isReported) written()
    }
  }

  /** What Baileys was told is sent leaves now: something that others see depends on it. Never throws. */
  flush(): void {
    this.#release()
  }

  /** Baileys waits for the peer's close before it reports the end; a dead peer would hold that up. */
  limitClose(): void {
    const close = this.#ws.close.bind(this.#ws)
    this.#ws.close = () => {
      // Sent, by what Baileys was told.
      this.#release()
      const timer = setTimeout(() => this.terminate(), CLOSE_GRACE_MS)
      return close().finally(() => clearTimeout(timer))
    }
  }

  /** Without a goodbye. */
  terminate(): void {
    const raw = this.#raw
    if (hasTerminate(raw)) raw.terminate()
  }

  /** There once Baileys has begun to connect. */
  get #raw(): unknown {
    return Reflect.get(this.#ws, 'socket')
  }
}

interface Sender {
  send(...frame: unknown[]): void
  /** Bytes that the peer has not taken yet. */
  bufferedAmount?: number
}

function isSender(value: unknown): value is Sender {
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

/** The stream below the WebSocket, where `ws` 8 has it, writes once for all of `work`. */
function corked(raw: Sender, work: () => void): void {
  const stream: unknown = Reflect.get(raw, '_socket')
  if (!(stream instanceof Writable)) return work()
  stream.cork()
  try {
    work()
  } finally {
    stream.uncork()
  }
}

function hasTerminate(value: unknown): value is { terminate(): void } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'terminate' in value &&
    typeof value.terminate === 'function'
  )
}

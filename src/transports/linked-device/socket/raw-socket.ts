import type { WASocket } from '@whiskeysockets/baileys'

/** How long a peer may take to answer a close that Baileys begins; it waits half a minute by itself. */
const CLOSE_GRACE_MS = 500
/** The client's part of the Noise handshake: its hello, and its finish. */
const HANDSHAKE_FRAMES = 2

/** The WebSocket below Baileys: what leaves by it, and how it ends. */
export class RawSocket {
  readonly #ws: WASocket['ws']

  constructor(ws: WASocket['ws']) {
    this.#ws = ws
  }

  /**
   * Each frame waits for `commit`, which throws when it must not leave; frames of one moment share one. Baileys has
   * captured its own `send`; this is below it. Throws when the socket is not where it was.
   */
  commitBeforeFrames(commit: () => void): void {
    const raw = this.#raw
    if (!isSender(raw)) throw new Error('the WebSocket below Baileys is not where it was')
    const send = raw.send.bind(raw)
    let held: unknown[][] = []
    const release = (): void => {
      const frames = held
      held = []
      try {
        commit()
      } catch {
        // They never leave: the handler of the disk's refusal ends this socket.
        return
      }
      for (const frame of frames) send(...frame)
    }
    let handshakeFrames = 0
    // In their order.
    raw.send = (...frame) => {
      // Baileys takes what arrives before its last frame is reported as written for a part of the handshake. Over TLS
      // that report comes a round of the event loop late, so WhatsApp's first stanza could overtake it.
      const isHandshake = handshakeFrames < HANDSHAKE_FRAMES
      handshakeFrames += 1
      held.push(isHandshake ? frame.slice(0, 1) : frame)
      if (held.length === 1) setImmediate(release)
      const written = frame.at(-1)
      if (isHandshake && typeof written === 'function') written()
    }
  }

  /**
   * Calls `look`, which throws when it must not leave, for each stanza before it is encoded: a stanza cannot be left out once the cipher has
   * counted it. Baileys 7.0.0-rc14 asks in that moment whether the socket is open (`sendRawMessage`).
   */
  lookBeforeStanzas(look: () => void): void {
    const ws = this.#ws
    Object.defineProperty(ws, 'isOpen', {
      configurable: true,
      get(): boolean {
        const isOpen = Reflect.get(Object.getPrototypeOf(ws), 'isOpen', ws) === true
        if (isOpen) look()
        return isOpen
      },
    })
  }

  /** Baileys waits for the peer's close before it reports the end; a dead peer would hold that up. */
  limitClose(): void {
    const close = this.#ws.close.bind(this.#ws)
    this.#ws.close = () => {
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

function isSender(value: unknown): value is { send(...frame: unknown[]): void } {
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

function hasTerminate(value: unknown): value is { terminate(): void } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'terminate' in value &&
    typeof value.terminate === 'function'
  )
}

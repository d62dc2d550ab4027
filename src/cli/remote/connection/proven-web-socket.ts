import { randomBytes } from 'node:crypto'
import { WebSocket } from 'ws'
import type { ClientWebSocket, ClientWebSocketConstructor } from '../../../client/web-socket.ts'
import { isDaemonProof, socketAddress } from '../../../control/auth/daemon-proof.ts'

const CHALLENGE_BYTES = 32
const PROOF_REQUEST_ID = 'proof'
const POLICY_CLOSE_CODE = 1008

type MessageListener = (event: { data: unknown }) => void

/**
 * A WebSocket class for the client: what opens one sees nothing of the other side, and so sends nothing to it, until that has
 * proven that it holds `localToken`. Otherwise the socket is closed, and `refused` is called before. `greeted` gets the version that the
 * proven daemon says it is.
 */
export function provenWebSocket(
  localToken: string,
  refused: () => void,
  greeted: (version: string) => void,
): ClientWebSocketConstructor {
  return class ProvenWebSocket implements ClientWebSocket {
    readonly #socket: WebSocket
    readonly #challenge = randomBytes(CHALLENGE_BYTES).toString('base64url')
    readonly #listeners: MessageListener[] = []
    /** The greeting, held back until the proof is there. */
    #greeting: { data: unknown } | null = null
    #isProven = false
    #address = ''

    constructor(url: string) {
      this.#socket = new WebSocket(url)
      this.#socket.once('upgrade', ({ socket }) => {
        this.#address = socketAddress(socket.remoteAddress, socket.remotePort)
      })
      this.#socket.addEventListener('message', (event) => this.#receive(event))
    }

    send(data: string): void {
      this.#socket.send(data)
    }

    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason)
    }

    // One signature for the four of the interface: the socket sorts them out, but for what is held back here.
    addEventListener(type: 'open' | 'error' | 'message' | 'close', listener: (event: never) => void): void {
      if (type === 'message') this.#listeners.push(listener as MessageListener)
      else this.#socket.addEventListener(type, listener as () => void)
    }

    #receive(event: { data: unknown }): void {
      if (this.#isProven) return this.#deliver(event)
      if (this.#greeting === null) {
        this.#greeting = event
        const params = { challenge: this.#challenge }
        this.#socket.send(
          JSON.stringify({ jsonrpc: '2.0', id: PROOF_REQUEST_ID, method: 'session.prove', params }),
        )
        return
      }
      const expected = { localToken, challenge: this.#challenge, address: this.#address }
      if (!isDaemonProof(proofOf(event.data), expected)) {
        refused()
        this.#socket.close(POLICY_CLOSE_CODE)
        return
      }
      this.#isProven = true
      const version = versionOf(this.#greeting.data)
      if (typeof version === 'string') greeted(version)
      this.#deliver(this.#greeting)
    }

    #deliver(event: { data: unknown }): void {
      for (const listener of this.#listeners) listener(event)
    }
  }
}

/** The value in the place of the proof; may be anything. */
function proofOf(data: unknown): unknown {
  try {
    const frame = JSON.parse(String(data)) as { id?: unknown; result?: { proof?: unknown } } | null
    return frame?.id === PROOF_REQUEST_ID ? frame.result?.proof : undefined
  } catch {
    return undefined
  }
}

/** May be anything, too. */
function versionOf(greeting: unknown): unknown {
  try {
    const frame = JSON.parse(String(greeting)) as { params?: { version?: unknown } } | null
    return frame?.params?.version
  } catch {
    return undefined
  }
}

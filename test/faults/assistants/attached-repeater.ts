import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { ClientEvents } from '../../../src/client/client-events.ts'
import { ASSISTANT_ID, type Assistant, type ControlPlane } from './assistant.ts'
import { answerTo } from './answer-to.mjs'

/** A kill falls into the middle of an answer now and then. */
const PIECE_MS = 15
const POLL_MS = 30

/** A program that attaches to the daemon, and again after either of them died. */
export class AttachedRepeater implements Assistant {
  readonly name = 'attached'
  readonly isAskedAgain = true
  readonly #stopped = new AbortController()
  #client: WhatsappdClient | null = null

  settings(): Record<string, unknown> {
    return { connector: 'websocket' }
  }

  async start(controlPlane: ControlPlane): Promise<void> {
    void this.#keepAttached(controlPlane)
  }

  async crash(): Promise<void> {
    this.#client?.close()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#client?.close()
  }

  async #keepAttached(controlPlane: ControlPlane): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const place = controlPlane()
      if (place !== null) await this.#attach(place).catch(() => {})
      await delay(POLL_MS)
    }
  }

  /** Resolves when the connection is over. */
  async #attach(place: { url: string; token: string }): Promise<void> {
    const client = new WhatsappdClient({ ...place, WebSocket, reconnect: false })
    const over = new Promise<void>((resolve) =>
      client.on('state', ({ state }) => state === 'closed' && resolve()),
    )
    this.#client = client
    client.on('agent.turn', (payload) => void this.#answer(client, payload))
    try {
      await client.connect()
      await client.request('agent.attach', { agent: ASSISTANT_ID })
      await over
    } finally {
      client.close()
    }
  }

  async #answer(client: WhatsappdClient, { turn }: ClientEvents['agent.turn'][0]): Promise<void> {
    try {
      for (const text of answerTo(turn).words.split(/(?<= )/)) {
        await delay(PIECE_MS)
        await client.request('agent.delta', { turn: turn.id, text })
      }
      await client.request('agent.done', { turn: turn.id })
    } catch {
      // The connection is over, or the turn: it comes again, or nobody waits for it.
    }
  }
}

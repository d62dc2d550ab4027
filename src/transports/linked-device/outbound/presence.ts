import type { WASocket } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'

/** What it is told with: one connection of Baileys. */
export type PresenceSocket = Pick<WASocket, 'sendPresenceUpdate'> & {
  authState: { creds: { me?: { name?: string | undefined } | undefined } }
}

export interface PresenceDependencies {
  /** `null` unless the link is open; another one after each connection. */
  openSocket(): PresenceSocket | null
  logger: Pick<Logger, 'debug'>
}

/**
 * Tells WhatsApp in which chats something is typed. It shows nobody what a device does that is not online; and while it is, the owner's
 * phone stays silent: so the device is online exactly while there is such a chat. What is told goes out in order, one after the other.
 */
export class Presence {
  readonly #deps: PresenceDependencies
  /** By address. */
  readonly #typing = new Set<string>()
  /** The connection on which the device is online. */
  #online: PresenceSocket | null = null
  /** What is still to be told on this connection. */
  #waiting = { count: 0 }
  #told: Promise<void> = Promise.resolve()

  constructor(deps: PresenceDependencies) {
    this.#deps = deps
  }

  /** The connection is another one, or gone: a new one is not online, and waits for nothing of the last one. */
  reset(): void {
    this.#typing.clear()
    this.#online = null
    this.#waiting = { count: 0 }
    this.#told = Promise.resolve()
  }

  /** `to`: how the chat at `address` is reached. Resolves when that is told, or cannot be. Never rejects. */
  set(address: string, to: string, typing: boolean): Promise<void> {
    if (typing) this.#typing.add(address)
    else this.#typing.delete(address)
    const waiting = this.#waiting
    waiting.count += 1
    this.#told = this.#told.then(() => {
      waiting.count -= 1
      return this.#tell(address, to, typing)
    })
    return this.#told
  }

  async #tell(address: string, to: string, typing: boolean): Promise<void> {
    const socket = this.#deps.openSocket()
    // What has ended before it could be told is not told.
    if (socket === null || (typing && !this.#typing.has(address))) return
    try {
      // Without the account's own name, which comes soon after the link, Baileys says nothing: it is tried again then.
      if (typing && this.#online !== socket && socket.authState.creds.me?.name) {
        await socket.sendPresenceUpdate('available')
        if (this.#deps.openSocket() !== socket) return
        this.#online = socket
      }
      await socket.sendPresenceUpdate(typing ? 'composing' : 'paused', to)
      // An end that is still to be told would be shown to nobody.
      if (this.#typing.size > 0 || this.#waiting.count > 0 || this.#online !== socket) return
      this.#online = null
      await socket.sendPresenceUpdate('unavailable')
    } catch (error) {
      this.#deps.logger.debug({ err: error }, 'WhatsApp was not told who types')
    }
  }
}

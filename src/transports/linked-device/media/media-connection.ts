import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { MediaServers } from './media-servers.ts'

/** A ticket is used no longer than this, whatever WhatsApp says, in milliseconds. */
const MAX_TTL_MS = 6 * 60 * 60_000
const MAX_HOSTS = 8
const MAX_AUTH_LENGTH = 4_096
const SERVER = 's.whatsapp.net'

/** Where files are sent and fetched now, and the ticket that uploads need. */
export interface MediaTicket {
  auth: string
  /** Allowed ones, those that WhatsApp prefers first; at least one. */
  hosts: readonly string[]
}

export interface MediaConnectionDependencies {
  servers: MediaServers
  now: () => number
}

/** Asks WhatsApp for its servers of files (`media_conn`) and keeps the answer for as long as it says. */
export class MediaConnection {
  readonly servers: MediaServers
  readonly #deps: MediaConnectionDependencies
  #known: { ticket: MediaTicket; until: number } | null = null
  #asking: Promise<MediaTicket> | null = null

  constructor(deps: MediaConnectionDependencies) {
    this.#deps = deps
    this.servers = deps.servers
  }

  /** Rejects when WhatsApp does not answer, or names no server that is allowed. */
  async ticket(socket: Pick<WASocket, 'query'>): Promise<MediaTicket> {
    if (this.#known !== null && this.#deps.now() < this.#known.until) return this.#known.ticket
    this.#asking ??= this.#ask(socket).finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  /** A server did not take this ticket: the next one is asked for anew. */
  refused(ticket: MediaTicket): void {
    if (this.#known?.ticket === ticket) this.#known = null
  }

  async #ask(socket: Pick<WASocket, 'query'>): Promise<MediaTicket> {
    const { servers, now } = this.#deps
    const askedAt = now()
    // Its own type says nothing of the answer.
    const answer = (await socket.query({
      tag: 'iq',
      attrs: { type: 'set', xmlns: 'w:m', to: SERVER },
      content: [{ tag: 'media_conn', attrs: {} }],
    })) as BinaryNode | undefined
    const connection = answer === undefined ? undefined : getBinaryNodeChild(answer, 'media_conn')
    const { auth = '', ttl = '' } = connection?.attrs ?? {}
    const hosts = getBinaryNodeChildren(connection, 'host')
      .flatMap(({ attrs: { hostname = '' } }) => (servers.urlOf(hostname, '/') === null ? [] : [hostname]))
      .slice(0, MAX_HOSTS)
    if (auth === '' || auth.length > MAX_AUTH_LENGTH || hosts.length === 0)
      throw new Error('WhatsApp named no server for files')
    const ticket = { auth, hosts }
    const ttlMs = Number(ttl) * 1_000
    if (ttlMs > 0) this.#known = { ticket, until: askedAt + Math.min(ttlMs, MAX_TTL_MS) }
    return ticket
  }
}

import type { Agent } from 'node:http'
import type { WASocket } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import type { LinkStores } from '../link-stores.ts'
import { MediaConnection } from './media-connection.ts'
import { MediaFetch, type MediaTimings } from './media-fetch.ts'
import { MediaServers } from './media-servers.ts'
import { Uploads } from './uploads.ts'

export interface LinkMediaDependencies {
  server: () => { webSocketUrl: string | null }
  agentFor?: ((url: string) => Agent | undefined) | undefined
  stores: Pick<LinkStores, 'caches' | 'credentials'>
  /** `null` unless the link is open. */
  socket: () => WASocket | null
  timings: () => { media?: MediaTimings }
  logger: Logger
  now: () => number
}

/** The ways of an account's files to WhatsApp's servers and from there. */
export class LinkMedia {
  readonly uploads: Uploads
  readonly downloads: MediaFetch

  constructor({ server, agentFor = () => undefined, stores, timings, ...deps }: LinkMediaDependencies) {
    const connection = new MediaConnection({
      servers: new MediaServers(server().webSocketUrl),
      now: deps.now,
    })
    const ownJid = (): string | null => stores.credentials.me?.id ?? null
    const { media } = timings()
    const retryDelayMs = media?.uploadRetryMs
    this.uploads = new Uploads({
      ...deps,
      stored: stores.caches.uploads,
      connection,
      agentFor,
      ...(retryDelayMs !== undefined && { retryDelayMs }),
    })
    this.downloads = new MediaFetch({ ...deps, connection, agentFor, ownJid, timings: media })
  }
}

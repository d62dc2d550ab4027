import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import { EndedByUs } from '../life/close-reasons.ts'
import { StorageError } from '../../../storage/storage-error.ts'
import { isAppStateNews } from './app-state-news.ts'
import type { Resends } from '../outbound/resends.ts'
import type { FrameLane } from './frame-lane.ts'
import type { ServerStanzas } from './server-stanzas.ts'
import type { BaileysLogger } from './socket-options.ts'
import type { StanzaLane } from './stanza-lane.ts'

export interface GuardedListenersDependencies {
  ws: WASocket['ws']
  lane: StanzaLane
  frames: FrameLane
  stanzas: ServerStanzas
  resends: Pick<Resends, 'handle'>
  /** Whether this socket logs in, and does not register a device. */
  isLogin: boolean
  end(why: Error): void
  logger: BaileysLogger
}

type Listener = (...data: unknown[]) => unknown

/**
 * Puts Baileys' own listeners, as they are now, behind the lanes of the socket, and handles their rejections, which
 * nothing else does. A frame that does not decrypt leaves Baileys deaf: here it ends the socket. A stanza that it cannot
 * use, or a query that is refused because of one, is left at that.
 */
export function guardListeners(deps: GuardedListenersDependencies): void {
  const { ws, logger, isLogin, end } = deps
  for (const event of ws.eventNames()) {
    // Whatever they are declared as, they are called with what is emitted.
    const listeners = ws.listeners(event) as Listener[]
    ws.removeAllListeners(event)
    for (const listener of listeners) {
      ws.on(event, (...data: unknown[]) => {
        // Baileys would report an open link that does not exist.
        if (event === 'CB:success' && !isLogin)
          return end(new EndedByUs('protocol_error', 'welcomed without a link'))
        // Baileys emits `CB:` events with the stanza.
        if (event === 'CB:notification' && isAppStateNews(data[0] as BinaryNode)) return
        const leave = (error: unknown): void =>
          logger.warn({ err: error, event }, 'a stanza could not be used')
        try {
          const handled = handle(deps, event, listener, data)
          if (!(handled instanceof Promise)) return
          handled.catch((error: unknown) => {
            if (event === 'message') return end(new EndedByUs('connection_stale', 'bad frame'))
            leave(error)
          })
        } catch (error) {
          if (!isOfStanza(event) || error instanceof StorageError) throw error
          leave(error)
        }
      })
    }
  }
  noteFailedListeners(deps)
}

const isOfStanza = (event: string | symbol): boolean => String(event).startsWith('CB:')

/** Messages one after the other, frames in their order, and the end of the socket behind its last frame. */
function handle(
  { ws, lane, frames, stanzas, resends }: GuardedListenersDependencies,
  event: string | symbol,
  listener: Listener,
  data: unknown[],
): unknown {
  switch (event) {
    case 'CB:message':
      return lane.take(data[0] as BinaryNode, async (stanza) => {
        await stanzas.beforeMessage(stanza)
        await listener.call(ws, stanza)
        stanzas.afterMessage(stanza)
      })
    case 'CB:receipt':
      return resends.handle(data[0] as BinaryNode, (receipt) => listener.call(ws, receipt))
    case 'message':
      // What came by the WebSocket.
      return frames.take(data[0] as Uint8Array, (bytes) => listener.call(ws, bytes))
    case 'close':
      return frames.run(() => listener.apply(ws, data))
    default:
      return listener.apply(ws, data)
  }
}

/** What listeners throw is no stanza that cannot be read: the disk may have refused it. */
function noteFailedListeners({ ws, frames }: GuardedListenersDependencies): void {
  const emit = ws.emit.bind(ws)
  ws.emit = (event: string | symbol, ...data: unknown[]) => {
    try {
      return emit(event, ...data)
    } catch (error) {
      frames.listenerFailed()
      throw error
    }
  }
}

import { EventEmitter, on, once } from 'node:events'
import makeWASocket, {
  type AuthenticationCreds,
  type ConnectionState,
  initAuthCreds,
  type SignalDataSet,
  type SignalKeyStore,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys'
import { pino } from 'pino'
import type { Simulator } from '../../src/simulator/simulator.ts'

/** A close as Baileys tells it. */
export interface BareClose {
  code: number | undefined
  message: string
}

interface Upsert {
  type: 'notify' | 'append'
  message: WAMessage
}

/** Unmodified Baileys with nothing of the daemon around it: credentials in memory, one socket at a time. */
export class BareBot {
  readonly credentials: AuthenticationCreds = initAuthCreds()
  readonly upserts: Upsert[] = []
  readonly qrCodes: string[] = []
  readonly #keys = new Map<string, unknown>()
  readonly #simulator: Simulator
  readonly #options: Partial<UserFacingSocketConfig>
  readonly #events = new EventEmitter()
  #socket: WASocket | undefined

  constructor(simulator: Simulator, options: Partial<UserFacingSocketConfig> = {}) {
    this.#simulator = simulator
    this.#options = options
    this.#events.setMaxListeners(0)
  }

  get socket(): WASocket {
    if (this.#socket === undefined) throw new Error('not connected')
    return this.#socket
  }

  /** Opens a socket; what comes of it is told by `qr`, `opened` and `closed`, all taken before the call returns. */
  connect(): { qr: Promise<string>; opened: Promise<void>; closed: Promise<BareClose> } {
    const socket = makeWASocket({
      auth: { creds: this.credentials, keys: this.#keyStore() },
      waWebSocketUrl: this.#simulator.webSocketUrl,
      logger: pino({ level: 'silent' }),
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      defaultQueryTimeoutMs: 5000,
      ...this.#options,
    })
    this.#socket = socket
    leaveDirtyBits(socket)
    socket.ev.on('creds.update', (update) => void Object.assign(this.credentials, update))
    socket.ev.on('messages.upsert', ({ type, messages }) => {
      // What comes between devices is no message that anybody wrote.
      for (const message of messages) if (message.category !== 'peer') this.upserts.push({ type, message })
      this.#events.emit('upsert')
    })
    const update = (matches: (state: Partial<ConnectionState>) => boolean) =>
      new Promise<Partial<ConnectionState>>((resolve) => {
        socket.ev.on('connection.update', (state) => {
          if (matches(state)) resolve(state)
        })
      })
    socket.ev.on('connection.update', ({ qr }) => void (qr !== undefined && this.qrCodes.push(qr)))
    return {
      qr: update(({ qr }) => qr !== undefined).then(({ qr }) => qr ?? ''),
      opened: update(({ connection }) => connection === 'open').then(() => undefined),
      closed: update(({ connection }) => connection === 'close').then(readClose),
    }
  }

  /** Registers, shows a code, is scanned, survives the restart, and logs in. */
  async linkTo(phoneNumber: string): Promise<void> {
    const { qr, closed } = this.connect()
    await this.#simulator.phone(phoneNumber)?.scan(await qr)
    await closed
    await this.logIn()
  }

  async logIn(): Promise<void> {
    const { opened, closed } = this.connect()
    const failed = closed.then(({ code, message }) => Promise.reject(new Error(`closed: ${code} ${message}`)))
    await Promise.race([opened, failed])
    failed.catch(() => undefined)
  }

  /** The first message that matches, now or later. */
  async waitForMessage(matches: (message: WAMessage) => boolean, timeoutMs = 60_000): Promise<Upsert> {
    const signal = AbortSignal.timeout(timeoutMs)
    for (;;) {
      const found = this.upserts.find(({ message }) => matches(message))
      if (found !== undefined) return found
      await once(this.#events, 'upsert', { signal })
    }
  }

  waitForText(text: string): Promise<Upsert> {
    return this.waitForMessage((message) => messageText(message) === text)
  }

  /** Answers every message with the text behind "echo: ". */
  echo(): void {
    void (async () => {
      let answered = 0
      for await (const _ of on(this.#events, 'upsert')) {
        for (; answered < this.upserts.length; answered++) {
          const { message } = this.upserts[answered] ?? {}
          const text = message === undefined || message.key.fromMe ? '' : messageText(message)
          if (text !== '')
            await this.socket.sendMessage(message?.key.remoteJid ?? '', { text: `echo: ${text}` })
        }
      }
    })()
  }

  /** Loses every Signal session, as a torn store does; returns whose. */
  async forgetSessions(): Promise<string[]> {
    const lost = [...this.#keys.keys()].filter((key) => key.startsWith('session '))
    for (const key of lost) this.#keys.delete(key)
    return lost
  }

  /** Loses every sender key that others gave it. */
  async forgetSenderKeys(): Promise<void> {
    for (const key of this.#keys.keys()) if (key.startsWith('sender-key ')) this.#keys.delete(key)
  }

  /** Ends without unlinking. */
  async stop(): Promise<void> {
    const socket = this.#socket
    if (socket === undefined) return
    const raw = (socket.ws as unknown as { socket?: { terminate(): void } }).socket // public at runtime, untyped
    const ended = socket.end(undefined)
    raw?.terminate()
    await ended
  }

  #keyStore(): SignalKeyStore {
    return {
      get: async (type, ids) => {
        const found: Record<string, never> = {}
        for (const id of ids) {
          const value = this.#keys.get(`${type} ${id}`)
          if (value !== undefined) found[id] = value as never // stored under the type it is read by
        }
        return found
      },
      set: async (data: SignalDataSet) => {
        for (const [type, entries] of Object.entries(data)) {
          for (const [id, value] of Object.entries(entries ?? {})) {
            if (value === null || value === undefined) this.#keys.delete(`${type} ${id}`)
            else this.#keys.set(`${type} ${id}`, value)
          }
        }
      },
    }
  }
}

export function messageText(message: WAMessage): string {
  return message.message?.conversation || message.message?.extendedTextMessage?.text || ''
}

function readClose({ lastDisconnect }: Partial<ConnectionState>): BareClose {
  // Baileys' errors are Boom: an Error with the status code in `output`.
  const error = lastDisconnect?.error as (Error & { output?: { statusCode?: number } }) | undefined
  return { code: error?.output?.statusCode, message: error?.message ?? '' }
}

/** Baileys cleans them behind a query, and leaves the rejection on a socket that has closed meanwhile to nobody. */
function leaveDirtyBits({ ws }: WASocket): void {
  const event = 'CB:ib,,dirty'
  for (const listener of ws.listeners(event)) {
    ws.removeListener(event, listener as () => void)
    ws.on(event, (...data: unknown[]) => void Promise.resolve(listener.apply(ws, data)).catch(() => {}))
  }
}

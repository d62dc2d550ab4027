import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import type {
  OutgoingContent,
  OutgoingFile,
  OutgoingMessage,
} from '../../../../src/messaging/outgoing-message.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import {
  BusinessTransport,
  type BusinessTransportDependencies,
} from '../../../../src/transports/cloud-api/business-transport.ts'
import type { GraphAccess } from '../../../../src/transports/cloud-api/graph/graph-access.ts'
import { GraphClient } from '../../../../src/transports/cloud-api/graph/graph-client.ts'
import { UploadStore } from '../../../../src/transports/cloud-api/media/upload-store.ts'
import type { AnsweredContact } from '../../../../src/transports/cloud-api/outbound/send-message.ts'
import { GraphServer } from '../../../support/graph-server.ts'

export const ANNA = 'bsuid:AT.98aZ'
export const BEN = 'wa:43660000002'
export const NEVER = new AbortController().signal

/** A transport of a Business number with a plain server in the place of Meta. */
export class BusinessDesk {
  readonly server: GraphServer
  readonly directory = mkdtempSync(join(tmpdir(), 'business-desk-'))
  readonly answered: AnsweredContact[] = []
  /** Numbers of people, by address. */
  readonly numbers = new Map<string, string>()
  /** Addresses that take nothing but templates. */
  readonly closed = new Set<string>()
  access: GraphAccess
  transport: BusinessTransport
  #database: Database

  private constructor(server: GraphServer, more: Partial<BusinessTransportDependencies>) {
    this.server = server
    this.access = server.access()
    this.#database = this.#open()
    this.transport = this.#make(more)
    onTestFinished(() => {
      this.transport.stop()
      this.#database.close()
      rmSync(this.directory, { recursive: true })
    })
  }

  static async start(more: Partial<BusinessTransportDependencies> = {}): Promise<BusinessDesk> {
    const desk = new BusinessDesk(await GraphServer.start(), more)
    desk.server.answer = ({ path }) =>
      path.endsWith('/media') ? { json: { id: '987' } } : { json: { messages: [{ id: 'wamid.1' }] } }
    return desk
  }

  /** Another process on the same file. */
  restart(): void {
    this.transport.stop()
    this.#database.close()
    this.#database = this.#open()
    this.transport = this.#make({})
  }

  message(content: OutgoingContent, address = ANNA): OutgoingMessage {
    const chat = { kind: 'direct' as const, address }
    return { localId: this.transport.newLocalId(), chat, person: null, content }
  }

  text(text: string, address = ANNA): OutgoingMessage {
    return this.message({ kind: 'message', part: { kind: 'text', text } }, address)
  }

  file(file: OutgoingFile, text = ''): OutgoingMessage {
    return this.message({ kind: 'message', part: { kind: 'file', text, file } })
  }

  #open(): Database {
    return Database.open(join(this.directory, 'account.db'), ACCOUNT_MIGRATIONS)
  }

  #make(more: Partial<BusinessTransportDependencies>): BusinessTransport {
    const access = (): GraphAccess => this.access
    const refused = { outcome: 'refused', code: 'window_closed', message: 'The window is closed.' } as const
    const transport = new BusinessTransport({
      graph: new GraphClient({ access, fetch, now: Date.now }),
      access,
      uploads: new UploadStore(this.#database),
      people: {
        identify: (address) => {
          const number = this.numbers.get(address)
          return {
            address,
            ...(number !== undefined && { phoneNumber: { value: number, proof: 'address' as const } }),
            displayName: null,
            conflict: false,
          }
        },
      },
      answered: (contact) => this.answered.push(contact),
      words: { forget: () => {}, keepsWordsOf: () => false },
      templates: { list: () => Promise.resolve([]), knownNames: [], statusChanged: () => {} },
      windows: {
        closesAt: () => null,
        freeUntil: () => null,
        refusal: (address) => (this.closed.has(address) ? refused : null),
        refused: (address) => void this.closed.add(address),
      },
      ownNumber: () => '+15550009999',
      messagesPerSecond: () => null,
      fence: undefined,
      changed: () => {},
      logger: createLogger({ level: 'silent' }),
      now: Date.now,
      timings: { markSpacingMs: 1, media: { retryWaitsMs: [1, 1] } },
      ...more,
    })
    transport.readyChanged(true)
    return transport
  }
}

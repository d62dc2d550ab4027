import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { WaitingParts } from '../../../../../src/transports/linked-device/history/waiting-parts.ts'
import { HistoryParts } from '../../../../../src/transports/linked-device/history/history-parts.ts'
import { createBaileysLogger } from '../../../../../src/transports/linked-device/socket/baileys-logger.ts'

const CHAT = '900000000002@lid'
const MESSAGES = 50_000
const MEGABYTE = 1024 * 1024

/** One chat with so many messages of a kilobyte, as a phone packs them. */
function hugeChat(): { packed: Buffer; size: number } {
  const message = {
    message: {
      key: { id: 'PAST', remoteJid: CHAT, fromMe: false },
      message: { conversation: 'x'.repeat(1_000) },
      messageTimestamp: 1_795_000_000,
    },
  }
  // Without its empty id.
  const few = Buffer.from(proto.Conversation.encode({ id: '', messages: [message] }).finish()).subarray(2)
  const id = Buffer.from(proto.Conversation.encode({ id: CHAT }).finish())
  const chat = Buffer.concat([id, ...Array.from({ length: MESSAGES }, () => few)])
  // The tag of a chat in a `HistorySync`, and its length.
  const header: number[] = [0x12]
  for (let rest = chat.length; ; rest = Math.floor(rest / 128)) {
    header.push(rest >= 128 ? (rest % 128) + 128 : rest)
    if (rest < 128) break
  }
  return { packed: deflateSync(Buffer.concat([Buffer.from(header), chat])), size: chat.length }
}

function openDatabase(): Database {
  const directory = mkdtempSync(join(tmpdir(), 'history-parts-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  onTestFinished(() => {
    database.close()
    rmSync(directory, { recursive: true })
  })
  return database
}

describe('the history of a phone', () => {
  it('of 50,000 messages is handed on in small pieces, and never held as a whole', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void // there with the flag
    const held = (): number => {
      collect()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    const { packed, size } = hugeChat()
    const database = openDatabase()
    const news = new EventEmitter()
    const done = once(news, 'done')
    let [seen, largest, most] = [0, 0, 0]
    const before = held()
    const parts = new HistoryParts({
      sink: {
        linked: () => {},
        wantsPast: true,
        past: (messages) => {
          seen += messages.length
          largest = Math.max(largest, messages.length)
          if (seen % 10_000 === 0) most = Math.max(most, held() - before)
          if (seen === MESSAGES) news.emit('done')
        },
      },
      polls: { find: () => [] },
      fetch: () => Promise.reject(new Error('it is in the message')),
      identitiesLearned: () => Promise.resolve(),
      store: {
        me: { id: '15550000001:7@s.whatsapp.net', lid: '900000000001:7@lid' },
        lids: { lidOf: () => null, numberOf: () => null, ownNumber: '15550000001', isChanged: () => false },
        keys: { get: () => Promise.resolve({}), set: () => Promise.resolve() },
      } as never, // of the store, these are used
      waiting: new WaitingParts(database),
      logger: createBaileysLogger(createLogger({ level: 'silent' }), 'silent'),
    })
    parts.connectionChanged(true)
    const historySyncNotification = { initialHistBootstrapInlinePayload: packed }
    parts.take({ key: { fromMe: true }, message: { protocolMessage: { historySyncNotification } } })
    await done
    expect(size).toBeGreaterThan(40 * MEGABYTE)
    expect(largest).toBe(20)
    expect(most).toBeLessThan(8 * MEGABYTE)
  })
})

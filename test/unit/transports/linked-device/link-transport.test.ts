import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { SendWatch } from '../../../../src/transports/linked-device/life/send-watch.ts'
import { openLinkStores } from '../../../../src/transports/linked-device/link-stores.ts'
import { LinkMedia } from '../../../../src/transports/linked-device/media/link-media.ts'
import { LinkTransport } from '../../../../src/transports/linked-device/link-transport.ts'

const LID = '777000777@lid'

describe('whose LID this is', () => {
  let directory: string
  let database: Database
  let learnAgain: () => Promise<void>
  let transport: LinkTransport
  beforeEach(() => {
    vi.useFakeTimers()
    directory = mkdtempSync(join(tmpdir(), 'link-transport-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    const stores = openLinkStores({
      database,
      now: Date.now,
      sink: { groupNamed: () => {}, personChanged: () => undefined, senderResolved: () => {} },
      storageFailed: () => {},
    })
    transport = new LinkTransport({
      stores,
      sends: new SendWatch(),
      lock: { state: null, ask: () => Promise.resolve('unknown'), refused: () => {}, isRefused: () => false },
      tokenWaitMs: 0,
      lids: { ask: () => Promise.resolve(), learnAgain: () => learnAgain() },
      refresh: { settled: () => Promise.resolve(true), marked: () => {} },
      media: new LinkMedia({
        server: () => ({ webSocketUrl: null }),
        timings: () => ({}),
        stores,
        socket: () => null,
        logger: createLogger({ level: 'silent' }),
        now: Date.now,
      }),
      openSocket: () => null,
      linked: () => true,
      sent: () => {},
      numbersLearned: () => {},
      changed: () => {},
      logger: createLogger({ level: 'silent' }),
      now: Date.now,
    })
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
    vi.useRealTimers()
  })

  // Somebody who is allowed was taken for a stranger when WhatsApp had not answered.
  it('is not known before WhatsApp has answered about everybody who may talk', async () => {
    learnAgain = () => Promise.reject(new Error('no answer'))
    await expect(transport.resolveSender(LID)).rejects.toThrow('no answer')
    learnAgain = () => new Promise(() => {})
    const late = expect(transport.resolveSender(LID)).rejects.toThrow('still')
    await vi.advanceTimersByTimeAsync(20_000)
    await late
    learnAgain = () => Promise.resolve()
    expect(await transport.resolveSender(LID)).toMatchObject({ address: LID, lid: { value: '777000777' } })
  })
})

import { EndedByUs } from '../../src/transports/linked-device/life/close-reasons.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBaileysLogger } from '../../src/transports/linked-device/socket/baileys-logger.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { Database } from '../../src/storage/database/database.ts'
import { LinkSocket } from '../../src/transports/linked-device/socket/link-socket.ts'
import { openLinkStores } from '../../src/transports/linked-device/link-stores.ts'
import { trustServerRoot } from '../../src/transports/linked-device/socket/server-trust.ts'

const directory = mkdtempSync(join(tmpdir(), 'whatsappd-'))
const simulator = new Simulator()
let database: Database
beforeEach(async () => {
  await simulator.start()
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
})
afterEach(async () => {
  database.close()
  await simulator.stop()
  rmSync(directory, { recursive: true, force: true })
})

// The supervisor opens the next socket when the last one reports its end, and waits for nothing else.
it('a socket reports its end though Baileys never does', async () => {
  const ignore = (): void => {}
  const { credentials, ...stores } = openLinkStores({
    database,
    now: Date.now,
    sink: { senderResolved: ignore, groupNamed: () => {}, personChanged: () => undefined },
    storageFailed: ignore,
  })
  const { webSocketUrl, noiseRootKey } = simulator
  trustServerRoot(noiseRootKey, Date.now)
  const closed: unknown[] = []
  let offered = ignore
  const qr = new Promise<void>((resolve) => (offered = resolve))
  const socket = new LinkSocket({
    ...stores,
    store: credentials,
    server: { webSocketUrl, noiseRootKey, version: null },
    agentFor: () => undefined,
    timings: {},
    logger: createBaileysLogger(createLogger({ level: 'silent' }), 'silent'),
    keepsOwnerWords: () => true,
    readsGroup: () => false,
    sentContent: () => null,
    uploads: { of: () => null },
    history: { isWanted: false, linked: ignore },
    now: Date.now,
    events: {
      qr: () => offered(),
      paired: ignore,
      opened: ignore,
      closed: (error) => closed.push(error),
      linkRefused: ignore,
      serviceNotice: ignore,
      qrsExpired: ignore,
      codeEntered: ignore,
      passkeyMoved: ignore,
      message: ignore,
      messageUpdates: ignore,
      readByOwner: ignore,
      reachoutLock: ignore,
      serverTime: ignore,
      phoneSeen: ignore,
      lidStale: ignore,
      frame: ignore,
      beforeFrame: ignore,
    },
  })
  await qr
  socket.baileys.registerSocketEndHandler(() => new Promise(() => {}))
  const why = new EndedByUs('open_timeout')
  await socket.end(why)
  expect(closed).toEqual([why])
  await socket.end(undefined)
  expect(closed).toEqual([why])
})

import { DatabaseSync } from '@photostructure/sqlite'
import { encodeBinaryNode } from '@whiskeysockets/baileys'
import { afterEach, expect, it } from 'vitest'
import type { Sink } from '../../src/messaging/sink.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { Database } from '../../src/storage/database/database.ts'
import { linkedDevices } from '../../src/transports/linked-device/linked-device.ts'
import { AccountFiles } from '../support/account-files.ts'
import { OWNER, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

// A start that first replays the journal went on after the stop that overtook it: a socket that belonged to nobody.
it('a device that is stopped while it still reads its journal opens no socket', async () => {
  stack = await Stack.start()
  await stack.link()
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
  await stack.stopDaemon()
  const { file } = new AccountFiles(stack.stateDir)
  const raw = new DatabaseSync(file)
  raw
    .prepare("UPDATE stanza_journal SET state = 'open', stanza = ?")
    .run(encodeBinaryNode(stack.lastMessage()))
  raw.close()
  const database = Database.open(file, ACCOUNT_MIGRATIONS)
  const { simulator } = stack
  const sink: Sink = {
    received: () => 'inboxed',
    keepsOwnerWords: () => false,
    linked: () => {},
    wantsPast: false,
    past: () => {},
    statusChanged: () => {},
    sentAt: () => null,
    readyChanged: () => {},
    windowChanged: () => {},
    senderResolved: () => {},
    heldByApp: () => {},
    numberChanged: () => {},
    personMoved: () => {},
    groupNamed: () => {},
    personChanged: () => undefined,
    numbersLearned: () => {},
    readByOwner: () => undefined,
    sentContent: () => null,
  }
  const { webSocketUrl, noiseRootKey } = simulator
  const openLink = linkedDevices({
    server: () => ({ webSocketUrl, noiseRootKey, version: null }),
    timings: () => ({}),
  })
  const device = openLink({
    database,
    fence: undefined,
    account: 'default',
    directory: '',
    copiesYield: false,
    events: { changed: () => {}, offered: () => {}, passkeyMoved: () => {}, storageFailed: () => {} },
    sink,
    allowedNumbers: () => [],
    listedNumbers: () => [],
    readsGroup: () => false,
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
    random: Math.random,
  })
  device.start({ failures: 0, reason: null, isCopy: false })
  await device.stop()
  // A socket would be there by then.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(simulator.connections).toHaveLength(0)
  expect(device.facts.phase).toBe('idle')
  database.close()
})

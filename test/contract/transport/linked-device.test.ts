import { join } from 'node:path'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { LINKED_DEVICE_CAPABILITIES } from '../../../src/transports/linked-device/capabilities.ts'
import { linkedDevices } from '../../../src/transports/linked-device/linked-device.ts'
import { ALICE, OWNER, Stack } from '../../support/stack.ts'
import { RecordingSink } from './recording-sink.ts'
import { type TransportHarness, transportContract } from './transport-contract.ts'

/** A linked device of the owner's phone over the simulated WhatsApp, without a daemon. */
async function start(): Promise<TransportHarness> {
  const stack = await Stack.start()
  await stack.link()
  await stack.stopDaemon()
  const { simulator, alice } = stack
  const family = simulator.createGroup({
    subject: 'Family',
    members: [alice, stack.owner, stack.mallory],
    addressing: 'lid',
  })
  const database = Database.open(
    join(stack.stateDir, 'accounts', 'default', 'account.db'),
    ACCOUNT_MIGRATIONS,
  )
  const sink = new RecordingSink()
  const { webSocketUrl, noiseRootKey } = simulator
  const link = linkedDevices({
    server: () => ({ webSocketUrl, noiseRootKey, version: null }),
    timings: () => ({}),
  })({
    database,
    sink,
    events: { changed: () => {}, offered: () => {}, passkeyMoved: () => {}, storageFailed: () => {} },
    fence: undefined,
    account: 'default',
    directory: '',
    copiesYield: false,
    allowedNumbers: () => [ALICE],
    listedNumbers: () => [ALICE],
    readsGroup: () => true,
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
    random: Math.random,
  })
  link.start({ failures: 0, reason: null, isCopy: false })
  await sink.ready
  const ours = alice.received.length
  return {
    transport: link.transport,
    sink,
    person: ALICE,
    write: async (text) => void (await alice.sendText(OWNER, text)),
    sendFile: async (data) => void (await alice.sendMedia(OWNER, { kind: 'document', data, name: 'a.bin' })),
    writeInGroup: async (text) =>
      void (await alice.sendGroupText(family, text, { mention: [stack.owner.phoneNumber] })),
    seen: () => {
      const received = alice.received.slice(ours).filter(({ from }) => from === OWNER)
      return {
        texts: received
          .filter(({ reaction }) => reaction === undefined)
          .map(({ text, quote }) => ({ text, quotedId: quote?.id ?? null })),
        reactions: received.flatMap(({ reaction }) => reaction ?? []),
        readIds: alice.receipts.filter(({ type }) => type === 'read').map(({ messageId }) => messageId),
        files: received.flatMap(({ media }) => media?.sha256 ?? []),
        isTyping: alice.typing.at(-1)?.isTyping ?? false,
      }
    },
    read: async () => {
      for (const message of alice.received.slice(ours)) await alice.markRead(message)
    },
    // When its first part is encrypted, and when its stanza goes to the socket.
    looks: 2,
    disconnect: () => link.stop(),
    stop: async () => {
      await link.stop()
      database.close()
      await stack.stop()
    },
  }
}

transportContract('a linked device', LINKED_DEVICE_CAPABILITIES, start)

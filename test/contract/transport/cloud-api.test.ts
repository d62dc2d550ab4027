import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { type BusinessSetting, type CloudApiConfig } from '../../../src/config/cloud-api-config.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { BusinessPlatform } from '../../../src/simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../../src/simulator/business/management/business-number.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { CLOUD_API_CAPABILITIES } from '../../../src/transports/cloud-api/capabilities.ts'
import { cloudApi } from '../../../src/transports/cloud-api/cloud-api.ts'
import type { WebhookReceiver } from '../../../src/messaging/webhook-receiver.ts'
import { accountConfig } from '../../support/account-config.ts'
import { BUSINESS } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'
import { FakeConfig } from '../support/fake-config.ts'
import { RecordingSink } from './recording-sink.ts'
import { type TransportHarness, transportContract } from './transport-contract.ts'

/** Meta could not deliver it. */
const UNDELIVERABLE = 131026

/** A number of a Business account over the simulated Graph API, without a daemon. */
async function start(): Promise<TransportHarness> {
  const platform = await BusinessPlatform.start()
  const number = platform.addNumber({ phoneNumber: BUSINESS, name: 'Corner Shop' })
  const alice = platform.addPerson({ phoneNumber: ALICE, name: 'Alice' })
  const directory = mkdtempSync(join(tmpdir(), 'business-transport-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  const sink = new RecordingSink()
  const account = { ...accountConfig([ALICE]), cloudApi: settingsOf(platform, number), isTransportSet: true }
  const config = { ...new FakeConfig().current, accounts: { default: account } }
  const link = cloudApi({
    config: { current: config },
    secrets: { read: (reference) => ('literal' in reference ? reference.literal : '') },
    network: { fetch },
    registry: () => ({ list: () => [], directoryOf: () => directory }),
    logger: createLogger({ level: 'silent' }),
  }).open({
    account: 'default',
    directory,
    database,
    sink,
    events: { changed: () => {}, offered: () => {}, passkeyMoved: () => {}, storageFailed: () => {} },
    fence: undefined,
    copiesYield: false,
    allowedNumbers: () => [ALICE],
    listedNumbers: () => [ALICE],
    readsGroup: () => false,
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
    random: Math.random,
  })
  link.start({ failures: 0, reason: null, isCopy: false })
  await sink.ready
  const callback = await receiveAt(link.webhook)
  await platform.subscribe(number, callback.url)
  return {
    transport: link.transport,
    sink,
    person: ALICE,
    write: async (text) => void alice.write(number, text),
    sendFile: async (data) => void alice.sendFile(number, { kind: 'document', data, name: 'a.bin' }),
    seen: () => {
      const { texts, reactions, readIds, files, isTyping } = alice.seen(number)
      return {
        texts: texts.map(({ text, quotedId }) => ({ text, quotedId })),
        reactions,
        readIds,
        files: files.map(({ sha256 }) => sha256),
        isTyping,
      }
    },
    read: async () => alice.read(number),
    refuse: (remoteId) => platform.failLater(number, remoteId, UNDELIVERABLE),
    disconnect: () => link.stop(),
    stop: async () => {
      await link.stop()
      await callback.stop()
      await platform.stop()
      database.close()
      rmSync(directory, { recursive: true })
    },
  }
}

function settingsOf({ baseUrl, mediaHost }: BusinessPlatform, number: BusinessNumber): CloudApiConfig {
  const setting = <Value>(value: Value): BusinessSetting<Value> => ({
    value,
    origin: 'config',
    place: 'here',
  })
  return {
    provider: 'meta',
    phoneNumberId: setting(number.phoneNumberId),
    businessAccountId: setting(number.businessAccountId),
    accessToken: setting({ literal: number.accessToken }),
    appSecrets: setting([{ literal: number.appSecret }]),
    verifyToken: setting({ literal: number.verifyToken }),
    pathSecret: null,
    apiVersion: null,
    baseUrl,
    mediaHosts: [mediaHost],
  }
}

/** What the daemon's route does: hands requests to the receiver. */
async function receiveAt(
  webhook: WebhookReceiver | null,
): Promise<{ url: string; stop: () => Promise<void> }> {
  if (webhook === null) throw new Error('a Business account has webhooks')
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const { searchParams } = new URL(request.url ?? '/', 'http://callback')
    if (request.method === 'GET') {
      const challenge = webhook.challenge(searchParams, null)
      return challenge === null ? { status: 403, body: '' } : { status: 200, body: challenge }
    }
    const chunks: Uint8Array[] = []
    // Without an encoding a request gives bytes.
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const { headers } = request
    const { status } = await webhook.receive({ body: Buffer.concat(chunks), headers, pathSecret: null })
    return { status, body: '' }
  }
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

transportContract('a Business number', CLOUD_API_CAPABILITIES, start)

import { EventEmitter } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Agent, createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BinaryNode, proto, WASocket } from '@whiskeysockets/baileys'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MediaOutcome } from '../../src/messaging/media-outcome.ts'
import { describeMessage } from '../../src/transports/linked-device/inbound/describe-message.ts'
import { unwrapMessage } from '../../src/transports/linked-device/inbound/unwrap-message.ts'
import { MediaConnection } from '../../src/transports/linked-device/media/media-connection.ts'
import { MediaFetch } from '../../src/transports/linked-device/media/media-fetch.ts'
import { MediaServers } from '../../src/transports/linked-device/media/media-servers.ts'
import { FUZZ_ROUNDS, FUZZ_SEED } from './fuzz-settings.ts'

const DESCRIPTORS = 10_000 * FUZZ_ROUNDS
const BATCH = 100
const HOSTS = [
  'evil.example',
  '127.0.0.1',
  '[::1]',
  'localhost:22',
  'mmg.whatsapp.net',
  '169.254.169.254',
  '0',
  'a@b',
]

const place = fc.oneof(
  { weight: 4, arbitrary: fc.webPath().map((path) => `/v/t62${path}`) },
  fc.constantFrom(
    '//evil.example/x',
    '/\\evil.example',
    '/..//../etc/passwd',
    '/%2f%2fevil',
    '/#',
    '/?',
    '',
    'x',
    '/\u0000',
  ),
  fc.string(),
  fc.anything(),
)
const url = fc.oneof(
  fc
    .tuple(fc.constantFrom('http', 'https', 'file', 'ftp', 'data'), fc.constantFrom(...HOSTS), fc.webPath())
    .map(([scheme, host, path]) => `${scheme}://${host}${path}`),
  fc.webUrl(),
  fc.anything(),
)
const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ minLength: 32, maxLength: 32 }) },
  fc.uint8Array({ maxLength: 64 }),
  fc.anything(),
)
const length = fc.oneof(fc.nat(5_000), fc.double(), fc.maxSafeInteger(), fc.bigInt(), fc.anything())
const told = fc.record({
  directPath: place,
  url,
  mediaKey: bytes,
  fileSha256: bytes,
  fileEncSha256: bytes,
  fileLength: length,
  mimetype: fc.option(fc.string({ unit: 'binary' })),
  fileName: fc.option(fc.string({ unit: 'binary', maxLength: 400 })),
  seconds: fc.option(fc.nat()),
})
const KINDS = [
  'imageMessage',
  'videoMessage',
  'ptvMessage',
  'audioMessage',
  'documentMessage',
  'stickerMessage',
]
const message = fc.tuple(fc.constantFrom(...KINDS), told).map(([kind, content]) => ({ [kind]: content }))

describe('what messages say of their files', { timeout: 300_000 * FUZZ_ROUNDS }, () => {
  let directory: string
  let server: Server
  const agent = new Agent({ keepAlive: true })
  const asked: string[] = []
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'fuzz-media-'))
    let count = 0
    server = createServer((_request, response) => {
      count += 1
      // Answers of every kind, none of them the file.
      if (count % 5 === 0) response.writeHead(302, { location: 'http://127.0.0.1:1/admin' }).end()
      else if (count % 5 === 1) response.writeHead(404).end()
      else response.end(Buffer.alloc(count % 3_000, count))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    agent.destroy()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('crashes nothing, leads to no other host, and leaves no file', async () => {
    // The address of a server that listens on a port.
    const { port } = server.address() as AddressInfo
    const own = `127.0.0.1:${port}`
    // Open all the while, as a ping shows; WhatsApp names no servers there, and the phone answers nothing.
    const ws = new EventEmitter().setMaxListeners(0)
    const silentLink = {
      query: ({ content }: BinaryNode) =>
        Array.isArray(content) && content[0]?.tag === 'ping'
          ? Promise.resolve({ tag: 'iq', attrs: {} })
          : Promise.reject(new Error('no answer')),
      sendNode: () => Promise.resolve(),
      ws,
    } as unknown as WASocket
    const fetch = new MediaFetch({
      connection: new MediaConnection({ servers: new MediaServers(`ws://${own}/ws`), now: Date.now }),
      agentFor: (to) => {
        asked.push(new URL(to).host)
        return agent
      },
      socket: () => silentLink,
      ownJid: () => '15550009999:1@s.whatsapp.net',
      logger: pino({ level: 'silent' }),
      timings: { retryWaitsMs: [], answerMs: 1 },
    })
    const signal = new AbortController().signal
    const reference = { chat: { kind: 'direct', address: 'x' }, id: 'x', sender: null } as const
    const fetched = async (each: proto.IMessage, name: number): Promise<MediaOutcome[]> => {
      const parts = describeMessage(unwrapMessage(each))
      const sources = parts.flatMap((part) => (part.kind === 'attachment' && part.media ? [part.media] : []))
      const to = { path: join(directory, String(name)), maxBytes: 4_000, message: reference }
      return Promise.all(sources.map((source) => fetch.fetch(source, to, signal)))
    }
    const outcomes: MediaOutcome[] = []
    for (let batch = 0; batch < DESCRIPTORS / BATCH; batch += 1) {
      const messages = fc.sample(message, { numRuns: BATCH, seed: FUZZ_SEED + batch })
      outcomes.push(...(await Promise.all(messages.map(fetched))).flat())
    }
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['failed']))
    expect(new Set(asked)).toEqual(new Set([own]))
    // Enough of them came as far as a server.
    expect(asked.length).toBeGreaterThan(DESCRIPTORS / 20)
    expect(readdirSync(directory)).toEqual([])
  })
})

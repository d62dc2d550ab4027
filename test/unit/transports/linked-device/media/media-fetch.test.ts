import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MediaOutcome } from '../../../../../src/messaging/media-outcome.ts'
import { encryptFile } from '../../../../../src/transports/linked-device/media/encrypted-file.ts'
import { MediaConnection } from '../../../../../src/transports/linked-device/media/media-connection.ts'
import { MediaFetch } from '../../../../../src/transports/linked-device/media/media-fetch.ts'
import type { MediaType } from '../../../../../src/transports/linked-device/media/media-keys.ts'
import { MediaServers } from '../../../../../src/transports/linked-device/media/media-servers.ts'
import { toMediaSource } from '../../../../../src/transports/linked-device/media/media-source.ts'

const PLAIN = randomBytes(1_000)
const MAX_BYTES = 4_000
const signal = new AbortController().signal

/** Fetches `plain` from a server that gives exactly that, under a message that declares `fileLength` bytes. */
async function fetched(told: {
  plain?: Buffer
  type?: MediaType
  fileLength?: number
  /** The server has nothing, and neither has the phone. */
  isGone?: boolean
  isOwn?: boolean
}) {
  const { plain = PLAIN, type = 'image', fileLength, isGone = false, isOwn = false } = told
  const requests: BinaryNode[] = []
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-fetch-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const sent = join(directory, 'sent')
  writeFileSync(sent, plain)
  const file = await encryptFile(sent, type, randomBytes(32), signal)
  const asked: URL[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://server'))
    if (isGone) return void response.writeHead(404).end()
    void (async () => {
      for await (const bytes of file.read()) response.write(bytes)
      response.end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  const fetch = new MediaFetch({
    connection: new MediaConnection({
      servers: new MediaServers(`ws://127.0.0.1:${port}/ws`),
      now: Date.now,
    }),
    agentFor: () => undefined,
    socket: () => ({
      ws: Object.assign(new EventEmitter(), {} as never),
      query: () => Promise.reject(new Error('not connected')),
      sendNode: (node) => Promise.resolve(void requests.push(node)),
    }),
    ownJid: () => '15550009999:1@s.whatsapp.net',
    logger: pino({ level: 'silent' }),
    timings: { retryWaitsMs: [], answerMs: 10 },
  })
  const { mediaKey, fileSha256, fileEncSha256 } = file
  const source = toMediaSource(type, {
    mediaKey,
    fileSha256,
    fileEncSha256,
    directPath: '/v/a?oh=1',
    fileLength,
  })
  if (source === null) throw new Error('the message says too little')
  const message = { chat: { kind: 'direct', address: 'x' }, id: 'x', sender: null } as const
  const path = join(directory, 'got')
  const outcome: MediaOutcome = await fetch.fetch(
    source,
    { path, maxBytes: MAX_BYTES, message, isOwn },
    signal,
  )
  const got = readdirSync(directory).includes('got') ? readFileSync(path) : null
  return { outcome, got, asked, file, requests }
}

describe('what is fetched', () => {
  it.each([1, PLAIN.length, PLAIN.length + 500, undefined])(
    'is what its hashes say, whatever length its message declares: %s',
    async (fileLength) => {
      const { outcome, got } = await fetched({ ...(fileLength !== undefined && { fileLength }) })
      expect(outcome).toMatchObject({ outcome: 'fetched', size: PLAIN.length })
      expect(got?.equals(PLAIN)).toBe(true)
    },
  )

  it('is bounded, whatever length its message declares', async () => {
    const { outcome, got } = await fetched({ plain: randomBytes(MAX_BYTES + 100), fileLength: 10 })
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'too_large' })
    expect(got).toBeNull()
  })

  it.each<[MediaType, string]>([
    ['image', 'image'],
    ['sticker', 'image'],
    ['audio', 'audio'],
  ])('is asked for as WhatsApp Web does: %s', async (type, named) => {
    const { asked, file } = await fetched({ type })
    const hash = file.fileEncSha256.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    expect(asked.map(({ search }) => search)).toEqual([`?oh=1&hash=${hash}&mms-type=${named}&__wa-mms=`])
  })

  it.each([true, false])(
    'is asked of the phone under a key that says whose message it was: %s',
    async (isOwn) => {
      const { outcome, requests } = await fetched({ isGone: true, isOwn })
      expect(outcome).toMatchObject({ outcome: 'failed', code: 'phone_away' })
      const [request] = requests.map(({ content }) => (Array.isArray(content) ? content : []))
      expect(request?.find(({ tag }) => tag === 'rmr')?.attrs['from_me']).toBe(String(isOwn))
    },
  )
})

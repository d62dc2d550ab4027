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

/** A link to WhatsApp that may end and begin again; what it asked of the phone. */
class FakeLink {
  readonly requests: BinaryNode[] = []
  /** A question to the phone leaves. */
  asked = (): void => {}
  /** What it does with a ping: by default it answers. */
  ping = (): Promise<unknown> => Promise.resolve({ tag: 'iq', attrs: { type: 'result' } })
  #events = new EventEmitter()
  socket = this.#open()

  /** It ends, and is open again a moment later. */
  breakFor(ms: number): void {
    this.socket = null
    setTimeout(() => (this.socket = this.#open()), ms)
  }

  /** The connection is gone, which nobody has noticed. */
  cut(): void {
    this.#events.emit('close')
  }

  #open() {
    this.#events = new EventEmitter()
    const socket = {
      // Of Baileys' own kind of emitter.
      ws: this.#events as never,
      query: ({ attrs }: BinaryNode) =>
        attrs['xmlns'] === 'w:p' ? this.ping() : Promise.reject(new Error('not connected')),
      sendNode: (node: BinaryNode) => {
        this.requests.push(node)
        this.asked()
        return Promise.resolve()
      },
    }
    return socket as typeof socket | null
  }
}

/** Fetches `plain` from a server that gives exactly that, under a message that declares `fileLength` bytes. */
async function fetched(told: {
  plain?: Buffer
  type?: MediaType
  fileLength?: number
  /** The server has nothing, and neither has the phone. */
  isGone?: boolean
  isOwn?: boolean
  link?: FakeLink
  /** The status with which the server refuses the request, by its number; 0 for none. */
  refuses?: (request: number) => number
}) {
  const { plain = PLAIN, type = 'image', fileLength, isGone = false, isOwn = false } = told
  const { link = new FakeLink(), refuses = () => 0 } = told
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-fetch-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const sent = join(directory, 'sent')
  writeFileSync(sent, plain)
  const file = await encryptFile(sent, type, randomBytes(32), signal)
  const asked: URL[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://server'))
    const status = isGone ? 404 : refuses(asked.length)
    if (status !== 0) return void response.writeHead(status).end()
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
    socket: () => link.socket,
    ownJid: () => '15550009999:1@s.whatsapp.net',
    logger: pino({ level: 'silent' }),
    timings: { retryWaitsMs: [], answerMs: 10, linkLookMs: 1, linkAnswerMs: 20 },
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
  return { outcome, got, asked, file, requests: link.requests }
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

// Questions came without their files where the network was away for some seconds: no answer could have gone out meanwhile.
describe('a file that cannot be had while the link is away', () => {
  it('is fetched when the link is open again', async () => {
    const link = new FakeLink()
    const refuses = (request: number): number => {
      if (request > 2) return 0
      link.breakFor(20)
      return 503
    }
    const { outcome, asked } = await fetched({ link, refuses })
    expect(outcome).toMatchObject({ outcome: 'fetched' })
    expect(asked).toHaveLength(3)
  })

  it.each<[string, number, (pings: number, link: FakeLink) => Promise<unknown>]>([
    [
      'answers again',
      3,
      (pings) => (pings > 2 ? Promise.resolve({ tag: 'iq', attrs: {} }) : new Promise<unknown>(() => {})),
    ],
    [
      'ends, and there is another one',
      2,
      (pings, link) => {
        if (pings === 2) link.breakFor(5)
        return Promise.resolve(undefined)
      },
    ],
    [
      'answers with an error',
      3,
      (pings) =>
        pings > 2
          ? Promise.reject(Object.assign(new Error('forbidden'), { data: 403 }))
          : Promise.reject(new Error('Connection Closed')),
    ],
  ])('is fetched where a link that looked open %s', async (_what, expectedPings, answer) => {
    const link = new FakeLink()
    let pings = 0
    link.ping = () => answer((pings += 1), link)
    const { outcome, asked } = await fetched({ link, refuses: (request) => (request === 1 ? 503 : 0) })
    expect(outcome).toMatchObject({ outcome: 'fetched' })
    expect(asked).toHaveLength(2)
    // It was not asked again before the link answered, or was another one.
    expect(pings).toBe(expectedPings)
  })

  it('is given up where the link is open all the time', async () => {
    const { outcome, asked } = await fetched({ refuses: () => 503 })
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'unreachable' })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['noticed at once', 0],
    ['noticed a moment later', 20],
  ])('is asked of the phone again, the end of the link %s', async (_when, laterMs) => {
    const link = new FakeLink()
    link.asked = () => {
      if (link.requests.length > 1) return
      setImmediate(() => link.cut())
      if (laterMs === 0) setImmediate(() => link.breakFor(20))
      else setTimeout(() => link.breakFor(20), laterMs)
    }
    const { outcome, requests } = await fetched({ isGone: true, link })
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'phone_away' })
    expect(requests).toHaveLength(2)
  })

  it('is asked of the phone as soon as there is a link', async () => {
    const link = new FakeLink()
    link.breakFor(20)
    const { requests } = await fetched({ isGone: true, link })
    expect(requests).toHaveLength(1)
  })
})

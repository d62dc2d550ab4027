import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MediaOutcome } from '../../../../../src/messaging/media-outcome.ts'
import { GraphServer, type GraphServerRequest } from '../../../../support/graph-server.ts'
import { ANNA, BusinessDesk, NEVER } from '../business-desk.ts'

const BYTES = randomBytes(40_000)
const SHA256 = createHash('sha256').update(BYTES)
const HEX = SHA256.copy().digest('hex')
const BASE64 = SHA256.copy().digest('base64')
const MESSAGE = { chat: { kind: 'direct' as const, address: ANNA }, id: 'wamid.f', sender: ANNA }

interface Served {
  /** What Meta says of the file besides its address. */
  about?: Record<string, unknown>
  url?: string
  /** The answer to the nth question for the bytes, from 0. */
  file?: (times: number, request: GraphServerRequest) => ReturnType<GraphServer['answer']>
  sha256?: string | null
  maxBytes?: number
}

async function fetchFrom(
  desk: BusinessDesk,
  {
    about = {},
    url = `${desk.server.url}/file?mid=5`,
    file,
    sha256 = BASE64,
    maxBytes = 50_000,
  }: Served = {},
): Promise<MediaOutcome> {
  let times = -1
  desk.server.answer = (request) => {
    if (request.path.endsWith('/555')) return { json: { url, id: '555', file_size: BYTES.length, ...about } }
    times += 1
    return file?.(times, request) ?? { body: BYTES }
  }
  const source = JSON.stringify({ id: '555', sha256, mimeType: 'image/png', url: null })
  const path = join(desk.directory, 'fetched')
  return desk.transport.fetchMedia({ source }, { path, maxBytes, message: MESSAGE }, NEVER)
}

/** Nothing of the file stays. */
const leftOf = (desk: BusinessDesk): string[] =>
  readdirSync(desk.directory).filter((name) => /fetched/.test(name))

describe('a file that a person sent', () => {
  it('is asked for by its id and fetched with the token, to a private file', async () => {
    const desk = await BusinessDesk.start()
    expect(await fetchFrom(desk)).toEqual({ outcome: 'fetched', size: BYTES.length, sha256: HEX })
    const path = join(desk.directory, 'fetched')
    expect(readFileSync(path)).toEqual(BYTES)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const [first, second] = desk.server.requests
    expect(first).toMatchObject({ method: 'GET', path: '/v25.0/555' })
    expect(first?.query.get('phone_number_id')).toBe('111')
    expect(second?.headers.authorization).toBe('Bearer EAAtoken')
    expect(leftOf(desk)).toEqual(['fetched'])
  })

  it.each([HEX, HEX.toUpperCase(), BASE64, null])('is the one whose hash is %s', async (sha256) => {
    const desk = await BusinessDesk.start()
    expect(await fetchFrom(desk, { sha256, about: { sha256: BASE64 } })).toMatchObject({ outcome: 'fetched' })
  })

  it.each([HEX.replace(/^./, (digit) => (digit === '0' ? '1' : '0')), createHash('sha256').digest('base64')])(
    'is damaged where its hash is not %s',
    async (sha256) => {
      const desk = await BusinessDesk.start()
      expect(await fetchFrom(desk, { sha256 })).toMatchObject({
        outcome: 'failed',
        code: 'damaged',
        retry: false,
      })
      expect(leftOf(desk)).toEqual([])
    },
  )

  it('is asked for once more where its address is older than five minutes, and gone after that', async () => {
    const desk = await BusinessDesk.start()
    const once = await fetchFrom(desk, { file: (times) => (times === 0 ? { status: 404 } : { body: BYTES }) })
    expect(once).toMatchObject({ outcome: 'fetched' })
    expect(desk.server.requests.map(({ path }) => path)).toEqual([
      '/v25.0/555',
      '/file',
      '/v25.0/555',
      '/file',
    ])
    const gone = await fetchFrom(await BusinessDesk.start(), { file: () => ({ status: 404 }) })
    expect(gone).toMatchObject({ outcome: 'failed', code: 'gone', retry: false })
  })

  it('is gone where Meta does not know its id any more', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = () => ({ status: 400, json: { error: { code: 100, error_subcode: 33 } } })
    const source = JSON.stringify({ id: '555', sha256: null })
    const to = { path: join(desk.directory, 'fetched'), maxBytes: 10, message: MESSAGE }
    expect(await desk.transport.fetchMedia({ source }, to, NEVER)).toMatchObject({
      code: 'gone',
      retry: false,
    })
    expect(desk.server.requests).toHaveLength(1)
  })

  it('is not fetched where it is said to be too large, and not kept where it turns out to be', async () => {
    const desk = await BusinessDesk.start()
    expect(await fetchFrom(desk, { maxBytes: 39_999 })).toMatchObject({ code: 'too_large' })
    expect(desk.server.requests).toHaveLength(1)
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const served = { maxBytes: 39_999, about: { file_size: 1 }, file: () => ({ body: BYTES, headers }) }
      expect(await fetchFrom(desk, served)).toMatchObject({ code: 'too_large' })
      expect(leftOf(desk)).toEqual([])
    }
  })

  it('is fetched from no other host: neither by its address nor by a redirect', async () => {
    const desk = await BusinessDesk.start()
    const other = await GraphServer.start()
    expect(await fetchFrom(desk, { url: `${other.url}/file` })).toMatchObject({ code: 'refused' })
    for (const url of [
      'file:///etc/passwd',
      'no url',
      'https://graph.facebook.com.evil.example/x',
      'http://a:b@127.0.0.1/',
    ])
      expect(await fetchFrom(desk, { url })).toMatchObject({ code: 'refused' })
    const redirect = { status: 302, headers: { location: `${other.url}/file` } }
    expect(await fetchFrom(desk, { file: () => redirect })).toMatchObject({ code: 'refused' })
    expect(other.requests).toEqual([])
  })

  it('is fetched from the hosts that the config names', async () => {
    const desk = await BusinessDesk.start()
    const other = await GraphServer.start()
    other.answer = () => ({ body: BYTES })
    desk.access = { ...desk.access, mediaHosts: [new URL(other.url).host] }
    expect(await fetchFrom(desk, { url: `${other.url}/file` })).toMatchObject({ outcome: 'fetched' })
    expect(other.requests[0]?.headers.authorization).toBe('Bearer EAAtoken')
  })

  it('is fetched again after failures that pass, a few times', async () => {
    const desk = await BusinessDesk.start()
    const answers = ['reset', { status: 503 }] as const
    expect(await fetchFrom(desk, { file: (times) => answers[times] ?? { body: BYTES } })).toMatchObject({
      outcome: 'fetched',
    })
    const failing = await BusinessDesk.start()
    expect(await fetchFrom(failing, { file: () => 'reset' })).toMatchObject({
      code: 'unreachable',
      retry: true,
    })
    expect(failing.server.requests.filter(({ path }) => path === '/file')).toHaveLength(3)
    expect(existsSync(join(failing.directory, 'fetched'))).toBe(false)
  })

  it('does not wait for ever for a server that goes silent', async () => {
    const desk = await BusinessDesk.start({ timings: { media: { retryWaitsMs: [], totalMs: 50 } } })
    expect(await fetchFrom(desk, { file: () => 'silent' })).toMatchObject({
      code: 'unreachable',
      retry: true,
    })
  })

  it('is fetched from 360dialog itself, which is asked no more after a few failures in an hour', async () => {
    const desk = await BusinessDesk.start()
    desk.access = { ...desk.access, provider: '360dialog' }
    const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=5'
    expect(await fetchFrom(desk, { url })).toMatchObject({ outcome: 'fetched' })
    expect(desk.server.requests.map(({ path, query }) => path + query.get('mid'))).toEqual([
      '/555null',
      '/whatsapp_business/attachments/5',
    ])
    expect(desk.server.requests[1]?.headers['d360-api-key']).toBe('EAAtoken')
    for (let times = 0; times < 10; times += 1)
      expect(await fetchFrom(desk, { url, file: () => ({ status: 503 }) })).toMatchObject({
        code: 'unreachable',
      })
    expect(desk.server.requests.filter(({ path }) => path.startsWith('/whatsapp_business'))).toHaveLength(5)
  })

  it('is refused where another program wrote where it is', async () => {
    const desk = await BusinessDesk.start()
    for (const source of ['', '{}', '{"id":"../555","sha256":null}', '[]'])
      expect(
        await desk.transport.fetchMedia(
          { source },
          { path: join(desk.directory, 'fetched'), maxBytes: 10, message: MESSAGE },
          NEVER,
        ),
      ).toMatchObject({ code: 'refused', retry: false })
    expect(desk.server.requests).toEqual([])
  })
})

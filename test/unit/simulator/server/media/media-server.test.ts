import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '../../../../../src/simulator/simulator.ts'

const OWNER = '+15550000001'
const WEB = 'https://web.whatsapp.com'

describe('the servers for files', () => {
  let nowMs = 1_800_000_000_000
  let simulator: Simulator
  let auth: string
  let holder: { isRemoved: boolean }

  beforeEach(async () => {
    simulator = new Simulator({
      clock: () => nowMs,
      habits: { mediaKeptBytes: 1_000, mediaMaxBytes: 600, mediaLivesMs: 60_000, mediaConnSeconds: 300 },
    })
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    holder = { isRemoved: false }
    auth = newAuth()
  })
  afterEach(() => simulator.stop())

  it('gives out what was uploaded, whole or in part, to whoever knows the path', async () => {
    const bytes = randomBytes(300)
    const { direct_path: path, url } = await (await upload(bytes)).json()
    expect(url).toBe(`${origin()}${path}&mms3=true`)
    const whole = await get(`${origin()}${path}&hash=${tokenOf(bytes)}&mms-type=image`)
    expect(whole.headers.get('content-length')).toBe('300')
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes)
    const part = await get(url, { range: 'bytes=100-199' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 100-199/300')
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200))
    expect((await get(url, { range: 'bytes=300-' })).status).toBe(416)
    expect(simulator.media.requests.items.map(({ kind, status, size }) => [kind, status, size])).toEqual([
      ['upload', 200, 300],
      ['download', 200, 300],
      ['download', 206, 100],
      ['download', 416, 0],
    ])
    expect(simulator.media.requests.items[0]?.account).toBe(OWNER)
  })

  it('gives nothing under another hash, or for a kind that no download has', async () => {
    const bytes = randomBytes(40)
    const { url } = await (await upload(bytes)).json()
    const hash = tokenOf(bytes)
    const other = tokenOf(randomBytes(40))
    expect(
      await statuses(`${url}&hash=${other}&mms-type=image`, `${url}&hash=${hash}&mms-type=sticker`),
    ).toEqual([404, 400])
    // It is there, as a picture.
    expect(await statuses(`${url}&hash=${hash}&mms-type=document`)).toEqual([404])
    expect(await statuses(`${url}&hash=${hash}=&mms-type=image`)).toEqual([200])
  })

  it('says of a file that it has it, so that nobody uploads it twice', async () => {
    const bytes = randomBytes(40)
    expect(await (await upload(bytes, { query: '&resume=1', body: null })).json()).toEqual({ resume: 0 })
    const { direct_path } = await (await upload(bytes)).json()
    expect(await (await upload(bytes, { query: '&resume=1', body: null })).json()).toMatchObject({
      resume: 'complete',
      direct_path,
    })
  })

  it.each([
    ['a ticket that it never gave', 403, { auth: 'mine' }],
    ['no ticket', 403, { auth: '' }],
    ['an unknown type', 404, { type: 'constructor' }],
    ['a kind that no client uploads as', 404, { type: 'ptt' }],
    ['who does not say that it is WhatsApp Web', 400, { origin: null }],
    ['a page from elsewhere', 400, { origin: 'https://example.com' }],
    ['bytes that the path does not name', 400, { body: Buffer.from('other') }],
    ['a token that the path does not name', 400, { token: tokenOf(Buffer.from('other')) }],
    ['a file that is too large', 413, { body: Buffer.alloc(601) }],
    ['nothing', 400, { body: Buffer.alloc(0) }],
  ] as const)('refuses %s', async (_what, status, wrong) => {
    const body = 'body' in wrong && wrong.body.length > 100 ? wrong.body : Buffer.from('right')
    expect((await upload(body, wrong)).status).toBe(status)
    expect(simulator.media.store.bytes).toBe(0)
  })

  it('takes uploads with a ticket for as long as it said', async () => {
    nowMs += 299_000
    expect((await upload(randomBytes(10))).status).toBe(200)
    nowMs += 2_000
    expect((await upload(randomBytes(10))).status).toBe(401)
    auth = newAuth()
    expect((await upload(randomBytes(10))).status).toBe(200)
    simulator.media.tickets.expire()
    expect((await upload(randomBytes(10))).status).toBe(401)
  })

  it('takes no upload with a ticket of a device that was unlinked', async () => {
    holder.isRemoved = true
    expect((await upload(randomBytes(10))).status).toBe(403)
  })

  it('gives nothing to who does not say that it is WhatsApp Web', async () => {
    const { url } = await (await upload(randomBytes(10))).json()
    expect((await fetch(url)).status).toBe(400)
    expect((await get(url, { origin: 'https://example.com' })).status).toBe(400)
  })

  it.each([
    ['image', 16_000_000],
    ['audio', 16_000_000],
  ])('takes of the kind %s what its apps send at most', async (type, most) => {
    await simulator.stop()
    simulator = new Simulator()
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    auth = newAuth()
    expect((await upload(Buffer.alloc(most + 1_024), { type })).status).toBe(200)
    expect((await upload(Buffer.alloc(most + 1_025), { type })).status).toBe(413)
    expect((await upload(Buffer.alloc(most + 1_025), { type: 'document' })).status).toBe(200)
  })

  it('has no file for ever, and not more than fit', async () => {
    const place = async (size: number) => String((await (await upload(randomBytes(size))).json()).url)
    const first = await place(500)
    const second = await place(400)
    expect((await get(first.replace(/oh=\w/, 'oh=x'))).status).toBe(403)
    const third = await place(300)
    expect(simulator.media.store.bytes).toBe(700)
    expect(await statuses(first, second, third)).toEqual([404, 200, 200])
    nowMs += 60_001
    expect(await statuses(first, second, third)).toEqual([404, 410, 410])
    expect(simulator.media.store.bytes).toBe(0)
  })

  const origin = (): string => `http://${new URL(simulator.webSocketUrl).host}`

  const newAuth = (): string => {
    const owner = simulator.phone(OWNER)
    if (owner === undefined) throw new Error('no owner')
    return simulator.media.connection(Object.assign(holder, { account: owner.account })).attrs.auth ?? ''
  }

  const upload = (
    bytes: Buffer,
    o: {
      auth?: string
      type?: string
      token?: string
      body?: Buffer | null
      query?: string
      origin?: string | null
    } = {},
  ): Promise<Response> => {
    const token = tokenOf(bytes)
    const query = `auth=${encodeURIComponent(o.auth ?? auth)}&token=${o.token ?? token}${o.query ?? ''}`
    return fetch(`${origin()}/mms/${o.type ?? 'image'}/${token}?${query}`, {
      method: 'POST',
      headers: o.origin === null ? {} : { origin: o.origin ?? WEB },
      body: o.body === null ? null : new Uint8Array(o.body ?? bytes),
    })
  }

  const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { headers: { origin: WEB, ...headers } })

  const statuses = (...urls: string[]): Promise<number[]> =>
    Promise.all(urls.map(async (url) => (await get(url)).status))
})

function tokenOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

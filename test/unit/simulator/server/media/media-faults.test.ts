import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DownloadFault, UploadFault } from '../../../../../src/simulator/faults/media-faults.ts'
import { tokenOf } from '../../../../../src/simulator/server/media/media-store.ts'
import { Simulator } from '../../../../../src/simulator/simulator.ts'

const bytes = randomBytes(10_000)
const WEB = { origin: 'https://web.whatsapp.com' }

const get = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { headers: WEB, ...options })

describe('faults of the servers for files', () => {
  let simulator: Simulator
  let url: string

  beforeEach(async () => {
    simulator = new Simulator()
    await simulator.start()
    url = simulator.media.urlOf(simulator.media.store.put('image', bytes))
  })
  afterEach(() => simulator.stop())

  const failing = (fault: DownloadFault, times = 1) => simulator.faults.media.spoilDownloads(fault, { times })

  it('answers with another status, once', async () => {
    failing({ kind: 'status', status: 503 })
    expect([(await get(url)).status, (await get(url)).status]).toEqual([503, 200])
  })

  it('gives other bytes than it took', async () => {
    failing({ kind: 'spoiled' })
    const spoiled = await body(get(url))
    expect(spoiled.length).toBe(bytes.length)
    expect(spoiled.filter((byte, index) => byte !== bytes[index])).toHaveLength(1)
    failing({ kind: 'longer', by: 5 })
    const longer = await body(get(url))
    expect(longer.subarray(0, -5)).toEqual(bytes)
    expect(await body(get(url))).toEqual(bytes)
  })

  it('ends in the middle', async () => {
    failing({ kind: 'cut' })
    await expect(body(get(url))).rejects.toThrow()
  })

  it.each(['stalled', 'endless'] as const)('never ends (%s)', async (kind) => {
    failing({ kind })
    const over = new AbortController()
    const response = await get(url, { signal: over.signal })
    let size = 0
    const limit = kind === 'endless' ? 1_000_000 : bytes.length / 2
    for await (const chunk of response.body ?? []) {
      size += (chunk as Uint8Array).length
      if (size >= limit) break
    }
    expect(size).toBeGreaterThanOrEqual(limit)
    over.abort()
  })

  it('is slow', async () => {
    failing({ kind: 'slow', bytesPerSecond: 50_000 })
    const sizes: number[] = []
    for await (const chunk of (await get(url)).body ?? []) sizes.push((chunk as Uint8Array).length)
    expect(sizes).toEqual([5_000, 5_000])
  })

  it('sends elsewhere', async () => {
    failing({ kind: 'redirect', to: 'http://127.0.0.1:1/admin' })
    const { status, headers } = await get(url, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([302, 'http://127.0.0.1:1/admin'])
  })

  const upload = async (fault: UploadFault): Promise<Response> => {
    const owner = simulator.createPhone({ phoneNumber: '+15550000001', name: 'Owner' })
    const auth = encodeURIComponent(
      simulator.media.connection({ account: owner.account, isRemoved: false }).attrs.auth ?? '',
    )
    simulator.faults.media.spoilUploads(fault, { times: 1, account: '+15550000001' })
    const { origin } = new URL(url)
    const token = tokenOf(bytes)
    return fetch(`${origin}/mms/image/${token}?auth=${auth}&token=${token}`, {
      method: 'POST',
      headers: WEB,
      body: new Uint8Array(bytes),
      redirect: 'manual',
      signal: AbortSignal.timeout(200),
    })
  }

  it.each<[UploadFault, number, boolean]>([
    [{ kind: 'status', status: 500 }, 500, false],
    [{ kind: 'redirect', to: 'http://127.0.0.1:1/' }, 307, false],
    [{ kind: 'slow', afterMs: 20 }, 200, true],
  ])('takes an upload with %o', async (fault, status, isKept) => {
    expect((await upload(fault)).status).toBe(status)
    expect(simulator.media.store.find(tokenOf(bytes))?.directPath).toBeDefined()
    expect(simulator.media.store.bytes).toBe(isKept ? 20_000 : 10_000)
  })

  it('answers an upload with what it likes', async () => {
    const foreign = { url: 'https://media.example/v/x', direct_path: '//media.example/v/x' }
    expect(await (await upload({ kind: 'answer', body: JSON.stringify(foreign) })).json()).toEqual(foreign)
  })

  it.each<[UploadFault['kind'] & ('cut' | 'stalled' | 'lost-answer'), boolean]>([
    ['cut', false],
    ['stalled', true],
    ['lost-answer', true],
  ])('leaves an upload without an answer (%s)', async (kind, isKept) => {
    await expect(upload({ kind })).rejects.toThrow()
    expect(simulator.media.store.bytes).toBe(isKept ? 20_000 : 10_000)
  })

  it('names other hosts before its own', () => {
    simulator.faults.media.hosts = ['127.0.0.1:1']
    const owner = simulator.createPhone({ phoneNumber: '+15550000001', name: 'Owner' })
    const { content } = simulator.media.connection({ account: owner.account, isRemoved: false })
    expect(content).toMatchObject([
      { attrs: { hostname: '127.0.0.1:1' } },
      { attrs: { hostname: new URL(url).host } },
    ])
    simulator.faults.clear()
    expect(simulator.media.connection({ account: owner.account, isRemoved: false }).content).toHaveLength(1)
  })
})

async function body(response: Promise<Response>): Promise<Buffer> {
  return Buffer.from(await (await response).arrayBuffer())
}

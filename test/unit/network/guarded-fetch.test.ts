import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AddressRefused, guardedFetch, type RefuseAddress } from '../../../src/network/guarded-fetch.ts'
import { WebhookReceiver } from '../../support/webhook-receiver.ts'

const POST = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"type":"x","data":{}}',
  redirect: 'manual',
} as const

describe('a guarded fetch', () => {
  let receiver: WebhookReceiver

  beforeEach(async () => {
    receiver = await WebhookReceiver.start()
  })
  afterEach(() => receiver.stop())

  const post = (url: string, refuse: RefuseAddress): Promise<Response> =>
    guardedFetch(() => undefined, refuse)(url, { ...POST, signal: AbortSignal.timeout(5_000) })

  it('connects where it may', async () => {
    expect((await post(receiver.url, () => null)).status).toBe(204)
    expect(receiver.posts).toHaveLength(1)
  })

  it('asks about the address that a name leads to when it connects, and not only about the name', async () => {
    const asked: [string, number][] = []
    const refuse: RefuseAddress = (address, port) => {
      asked.push([address, port])
      return address === '127.0.0.1' || address === '::1' ? 'it is this machine' : null
    }
    const url = `http://localhost:${receiver.port}/hook`
    await expect(post(url, refuse)).rejects.toThrow(AddressRefused)
    expect(asked[0]).toEqual(['localhost', receiver.port])
    expect(asked.length).toBeGreaterThan(1)
    expect(receiver.posts).toEqual([])
  })

  it('refuses an address that stands in the URL', async () => {
    await expect(post(receiver.url, (address) => (address === '127.0.0.1' ? 'no' : null))).rejects.toThrow(
      'no',
    )
    expect(receiver.posts).toEqual([])
  })

  it('follows no redirect', async () => {
    receiver.respond = () => ({ status: 307, headers: { location: `${receiver.url}/elsewhere` } })
    expect((await post(receiver.url, () => null)).status).toBe(307)
    expect(receiver.posts.map(({ path }) => path)).toEqual(['/hook'])
  })
})

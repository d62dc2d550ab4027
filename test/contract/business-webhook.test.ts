import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebhookAnswer, WebhookReceiver, WebhookRequest } from '../../src/messaging/webhook-receiver.ts'
import { type Harness, startHarness } from './support/control-harness.ts'

/** A receiver that writes down what it was given. */
class Receiver implements WebhookReceiver {
  readonly health = {
    lastAt: null,
    lastBy: null,
    refused: 0,
    lastRefusal: null,
    postponed: 0,
    foreign: 0,
    unsupported: 0,
  }
  readonly requests: WebhookRequest[] = []
  readonly challenges: (string | null)[] = []
  turnedAwayTimes = 0
  refused: WebhookAnswer | null = null
  answer: WebhookAnswer | Promise<WebhookAnswer> = { status: 200 }

  challenge(query: URLSearchParams, pathSecret: string | null): string | null {
    this.challenges.push(pathSecret)
    return query.get('hub.verify_token') === 'verify' ? query.get('hub.challenge') : null
  }

  refusal(): WebhookAnswer | null {
    return this.refused
  }

  turnedAway(): void {
    this.turnedAwayTimes += 1
  }

  async receive(request: WebhookRequest): Promise<WebhookAnswer> {
    this.requests.push(request)
    return this.answer
  }
}

let harness: Harness
let receiver: Receiver
beforeEach(async () => {
  harness = await startHarness()
  receiver = new Receiver()
  harness.accounts.receivers.set('shop', receiver)
})
afterEach(() => harness.stop())

const url = (rest: string): string => `${harness.http}/webhooks/whatsapp/${rest}`
const post = (rest: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url(rest), { method: 'POST', body, headers })

describe('the address to which WhatsApp posts', () => {
  it('hands on the bytes, the headers and the secret of the path, under whatever name it is reached', async () => {
    const body = '{"text":"gr\\u00fc\\u00df"}   \n'
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'hooks.tunnel.example', 'x-hub-signature-256': 'sha256=00' }
      httpRequest(url('shop/secret'), { method: 'POST', headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode))
      })
        .once('error', reject)
        .end(body)
    })
    expect(status).toBe(200)
    expect(receiver.requests).toMatchObject([
      { pathSecret: 'secret', headers: { 'x-hub-signature-256': 'sha256=00' } },
    ])
    expect(receiver.requests[0]?.body.toString()).toBe(body)
  })

  it('repeats the challenge as it is, and only for the right token', async () => {
    const right = await fetch(url('shop?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=%3Cb%3E1'))
    expect([right.status, await right.text()]).toEqual([200, '<b>1'])
    expect(right.headers.get('content-type')).toContain('text/plain')
    expect(right.headers.get('access-control-allow-origin')).toBe(null)
    expect((await fetch(url('shop?hub.verify_token=wrong&hub.challenge=1'))).status).toBe(403)
    expect((await fetch(url('shop/part?hub.verify_token=verify&hub.challenge=1'))).status).toBe(200)
    expect(receiver.challenges).toEqual([null, null, 'part'])
  })

  it('says of no account whether it is there', async () => {
    const answers = await Promise.all([
      post('nobody', '{}'),
      fetch(url('nobody?hub.challenge=1')),
      post('', '{}'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    for (const answer of answers) expect(await answer.text()).not.toContain('shop')
  })

  it.each<[WebhookAnswer, number]>([
    [{ status: 401, reason: 'It was not signed.' }, 401],
    [{ status: 403, reason: 'No secret.' }, 403],
    [{ status: 503, reason: 'The account is not open.' }, 503],
  ])('refuses before it reads a body: %j', async (refused, status) => {
    receiver.refused = refused
    const answer = await post('shop', 'x'.repeat(1_000))
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { error: { message: refused.reason } },
    ])
    expect(receiver.requests).toEqual([])
  })

  it('refuses what is compressed, too long, or from a page', async () => {
    expect((await post('shop', gzipSync('{}'), { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await post('shop', '{}', { 'content-encoding': 'identity' })).status).toBe(200)
    expect((await post('shop', '{}', { origin: 'https://evil.example' })).status).toBe(403)
    const fits = Buffer.alloc(4 * 1_024 * 1_024, 0x20)
    expect((await post('shop', fits)).status).toBe(200)
    const tooLong = await post('shop', Buffer.alloc(fits.length + 1, 0x20)).then(
      ({ status }) => status,
      () => 413,
    )
    expect(tooLong).toBe(413)
    expect(receiver.requests.map(({ body }) => body.length)).toEqual([2, fits.length])
  })

  it('takes so many at once, and has the others come again', async () => {
    let release: (answer: WebhookAnswer) => void = () => undefined
    receiver.answer = new Promise((resolve) => {
      release = resolve
    })
    const answers = Array.from({ length: 15 }, () => post('shop', Buffer.alloc(4 * 1_024 * 1_024, 0x20)))
    await expect.poll(() => receiver.requests.length).toBe(15)
    const beyond = await post('shop', Buffer.alloc(4 * 1_024 * 1_024, 0x20))
    expect([beyond.status, beyond.headers.get('retry-after')]).toEqual([503, '1'])
    expect(receiver.turnedAwayTimes).toBe(1)
    release({ status: 200 })
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(
      Array.from({ length: 15 }, () => 200),
    )
    expect((await post('shop', '{}')).status).toBe(200)
  })
  it('takes others while many say that a body follows, and send none', async () => {
    const headers = { 'content-length': '9' }
    const slow = Array.from({ length: 20 }, () =>
      httpRequest(url('shop'), { method: 'POST', headers }).on('error', () => undefined),
    )
    await Promise.all(
      slow.map((request) => {
        request.write('x')
        return new Promise((resolve) => request.once('socket', (socket) => socket.once('connect', resolve)))
      }),
    )
    expect((await post('shop', '{}')).status).toBe(200)
    for (const request of slow) request.destroy()
  })
})

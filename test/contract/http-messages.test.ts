import { request as httpRequest } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DaemonError, type DaemonErrorOptions, type ErrorCode } from '../../src/protocol/errors.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { type Harness, LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import { PublishedDescription } from './support/published-description.ts'
import { authConfig, claims, hs256, SECRET, secretKey } from './support/tokens.ts'

const ALLOWED_ORIGIN = 'https://dashboard.example'

const BODY = { to: '+15555550101', text: 'hello' }

let harness: Harness
beforeEach(async () => {
  const auth = authConfig([secretKey(SECRET)])
  harness = await startHarness({ authSettings: () => auth })
})
afterEach(() => harness.stop())

interface Init extends Omit<RequestInit, 'headers'> {
  token?: string | null
  headers?: Record<string, string>
}

const request = (
  path: string,
  { token = LOCAL_TOKEN, headers = {}, ...init }: Init = {},
): Promise<Response> =>
  fetch(`${harness.http}/v1/accounts/${path}`, {
    ...init,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  })
const post = (path: string, body: unknown, more: Init = {}): Promise<Response> =>
  request(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...more })
const failWith = (code: ErrorCode, options?: DaemonErrorOptions): void => {
  harness.accounts.failure = new DaemonError(code, options)
}

describe('POST /v1/accounts/:id/messages', () => {
  const published = new PublishedDescription()

  it('is messages.send: 201 for a new message, 200 for one that is there, as published', async () => {
    const { messaging } = harness.accounts
    const first = await post('default/messages?queue=1', BODY)
    const answer = await first.json()
    expect([first.status, answer]).toEqual([201, { ...messaging.message, isNew: true }])
    expect(published.faultsOfResult('messages.send', answer)).toEqual([])
    messaging.isNew = false
    expect((await post('default/messages?queue=0', BODY)).status).toBe(200)
    expect(messaging.calls.map(({ account, request: given }) => [account, given])).toEqual([
      ['default', { ...BODY, queue: true }],
      ['default', BODY],
    ])
    expect(messaging.calls[0]?.requester).toEqual({ author: 'owner', by: 'api', mayForce: false })
  })

  it.each<[ErrorCode, number, string | null, DaemonErrorOptions?]>([
    ['not_connected', 409, '5'],
    ['client_message_id_reused', 409, null],
    ['recipient_not_allowed', 403, null],
    ['conversation_not_found', 404, null],
    ['not_on_whatsapp', 422, null],
    ['rate_limited', 429, '30'],
    ['first_contacts_exhausted', 429, '60', { details: { until: '2026-01-01T00:01:00.000Z' } }],
    ['account_disabled', 409, null],
    ['storage_error', 503, null],
  ])('answers %s with %i', async (code, status, retryAfter, options) => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1))
    failWith(code, options)
    const response = await post('default/messages', BODY)
    vi.restoreAllMocks()
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
      status,
      retryAfter,
      { error: { code } },
    ])
  })

  it.each([
    ['no JSON', 'hello', 400],
    ['no object', '[]', 400],
    ['an unknown member', { ...BODY, txt: 'x' }, 400],
    ['a text that is too long', { ...BODY, text: 'x'.repeat(60_001) }, 400],
    ['a body that is too large', 'x'.repeat(512 * 1_024 + 1), 413],
  ])('refuses %s', async (_what, body, status) => {
    expect((await post('default/messages', body)).status).toBe(status)
    expect(harness.accounts.messaging.calls).toEqual([])
  })

  it('is about the account of the path, whatever the body says', async () => {
    await post('default/messages', { ...BODY, account: 'other' })
    expect(harness.accounts.messaging.calls.map(({ account }) => account)).toEqual(['default'])
    expect((await post('nobody/messages', BODY)).status).toBe(404)
  })

  it('needs the scope send and no other', async () => {
    expect((await post('default/messages', BODY, { token: 'scoped:send' })).status).toBe(201)
    const others = SCOPES.filter((scope) => scope !== 'send').join(',')
    expect((await post('default/messages', BODY, { token: `scoped:${others}` })).status).toBe(403)
    expect((await post('default/messages', BODY, { token: null })).status).toBe(401)
  })
})

it('GET /v1/accounts/:id/messages/:messageId is messages.get', async () => {
  const response = await request('default/messages/3EB0ABCDEF')
  expect([response.status, await response.json()]).toEqual([200, harness.accounts.messaging.message])
  failWith('message_not_found')
  expect((await request('default/messages/none')).status).toBe(404)
})

it('says WA_WINDOW_CLOSED to who writes to somebody who has not written for a day', async () => {
  const details = { closedAt: '2026-01-02T03:04:05.000Z', templates: ['order_ready'] }
  failWith('window_closed', { details })
  const response = await post('default/messages', BODY)
  expect([response.status, await response.json()]).toMatchObject([
    409,
    { error: { code: 'WA_WINDOW_CLOSED', details } },
  ])
})

it('GET /v1/accounts/:id/templates is templates.list, as published', async () => {
  const { messaging } = harness.accounts
  messaging.templates = [
    {
      name: 'order_ready',
      language: 'en',
      category: 'utility',
      body: 'Order {{1}}\u202e is ready.',
      header: { kind: 'text', text: 'Shop' },
      footer: null,
      buttons: [{ index: 0, kind: 'url', title: 'Track', needsValue: true }],
      variables: [{ name: '1', place: 'body', isNamed: false, example: '7' }],
    },
  ]
  const answer = await (await request('default/templates?refresh=1')).json()
  expect(new PublishedDescription().faultsOfResult('templates.list', answer)).toEqual([])
  expect(answer).toEqual({
    account: 'default',
    total: 1,
    templates: [
      {
        name: 'order_ready',
        language: 'en',
        category: 'utility',
        body: 'Order {{1}} is ready.',
        header: { kind: 'text', text: 'Shop' },
        footer: null,
        buttons: [{ index: 0, kind: 'url', title: 'Track', needsValue: true }],
        variables: [{ name: '1', place: 'body', example: '7' }],
      },
    ],
  })
  expect(messaging.calls).toMatchObject([
    { method: 'templates', account: 'default', request: { refresh: true } },
  ])
  failWith('not_supported')
  expect((await request('default/templates')).status).toBe(422)
})

describe('who sends', () => {
  const requesterOf = async (token: string): Promise<unknown> => {
    const client = await harness.ready(token)
    await client.request('messages.send', BODY)
    return harness.accounts.messaging.calls.at(-1)?.requester
  }

  it('is the owner at a dashboard, a program, or an assistant, by what the token may do', async () => {
    expect(await requesterOf('scoped:send,conversations')).toMatchObject({ author: 'owner', by: 'dashboard' })
    expect(await requesterOf('scoped:send')).toMatchObject({ author: 'owner', by: 'api' })
    expect(await requesterOf(LOCAL_TOKEN)).toMatchObject({ author: 'owner', by: 'api', mayForce: false })
    expect(await requesterOf('scoped:send,send:any')).toMatchObject({ author: 'owner', mayForce: true })
    // A dashboard cannot sign it either.
    expect(await requesterOf(hs256(claims({ scope: 'send send:any' })))).toMatchObject({ mayForce: false })
    expect(await requesterOf(hs256(claims({ scope: 'send agent' })))).toMatchObject({ author: 'assistant' })
  })
})

describe('files of an account', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-files-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const keep = (content: string, mimeType: string | null, name: string | null = null): string => {
    const path = join(directory, 'file')
    writeFileSync(path, content)
    harness.accounts.messaging.files.set('m', { path, mimeType, name, sha256: 'abc' })
    return 'default/media/m'
  }

  it('are taken as they come, with their name and type, once the token may send', async () => {
    const { uploads } = harness.accounts.messaging
    const upload = (token: string): Promise<Response> =>
      post('default/media?name=plan%202.pdf', 'the bytes', {
        token,
        headers: { 'content-type': 'application/pdf' },
      })
    const taken = await upload('scoped:send')
    expect([taken.status, await taken.json()]).toEqual([
      201,
      { mediaId: 'upload-1', expiresAt: expect.any(String), size: 9, mimeType: 'application/pdf' },
    ])
    expect(uploads).toEqual([
      { bytes: Buffer.from('the bytes'), name: 'plan 2.pdf', mimeType: 'application/pdf', length: 9 },
    ])
    expect((await upload('scoped:read,conversations')).status).toBe(403)
    expect(uploads).toHaveLength(1)
  })

  it.each([
    ['too_large', 413],
    ['no_space', 507],
    ['empty', 422],
  ])('are refused where they are %s', async (reason, status) => {
    failWith('media_refused', { details: { reason } })
    expect((await post('default/media', 'x')).status).toBe(status)
  })

  it('are given to who may see conversations, as something that no browser opens', async () => {
    const path = keep('<script>alert(1)</script>', 'text/html', 'a "b"\u00fc.html')
    expect((await request(path, { token: 'scoped:send,read,agent' })).status).toBe(403)
    const response = await request(path, { token: 'scoped:conversations' })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''a%20%22b%22%C3%BC.html",
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      etag: '"abc"',
    })
    expect((await request('default/media/none')).status).toBe(404)
  })

  it.each([
    ['bytes=0-3', 206, 'bytes 0-3/10', '0123'],
    ['bytes=8-', 206, 'bytes 8-9/10', '89'],
    ['bytes=-2', 206, 'bytes 8-9/10', '89'],
    ['bytes=0-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=-0', 416, 'bytes */10', ''],
    ['bytes=5-2', 200, null, '0123456789'],
    ['bytes=0-1,4-5', 200, null, '0123456789'],
    ['lines=0-1', 200, null, '0123456789'],
  ])('are given in the part that %s asks for', async (range, status, contentRange, text) => {
    const response = await request(keep('0123456789', 'image/png'), { headers: { range } })
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([
      status,
      contentRange,
      text,
    ])
  })

  it('are given whole where they are another file by now', async () => {
    const path = keep('0123456789', 'image/png')
    const part = (etag: string): Promise<Response> =>
      request(path, { headers: { range: 'bytes=0-1', 'if-range': etag } })
    expect([(await part('"abc"')).status, (await part('"former"')).status]).toEqual([206, 200])
  })
})

describe('a body that comes slowly', () => {
  /** What is answered before its second half is there. */
  async function halfOf(path: string): Promise<{ status: number | null; finish: () => Promise<number> }> {
    const slow = httpRequest(`${harness.http}/v1/accounts/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${LOCAL_TOKEN}`, 'content-length': 10 },
    })
    const status = new Promise<number>((resolve, reject) => {
      slow.once('response', (response) => resolve(response.resume().statusCode ?? 0))
      slow.once('error', reject)
    })
    slow.write('12345')
    const early = await Promise.race([status, wait(600).then(() => null)])
    const finish = (): Promise<number> => {
      slow.end('67890')
      return status
    }
    return { status: early, finish }
  }

  it('is waited for where it is a file, and no longer than usual elsewhere', async () => {
    await harness.stop()
    harness = await startHarness({ limits: { bodyMs: 200 } })
    expect((await halfOf('default/messages')).status).toBe(408)
    const upload = await halfOf('default/media')
    expect([upload.status, await upload.finish()]).toEqual([null, 201])
  })
})

describe('a page of another origin', () => {
  const asked = (origin: string): Promise<Response> =>
    request('default/media/m', {
      method: 'OPTIONS',
      token: null,
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    })

  it('may read the answers where it is allowed, with its token', async () => {
    const preflight = await asked(ALLOWED_ORIGIN)
    expect([preflight.status, Object.fromEntries(preflight.headers)]).toMatchObject([
      204,
      {
        'access-control-allow-origin': ALLOWED_ORIGIN,
        'access-control-allow-headers': expect.stringContaining('Authorization'),
        vary: 'Origin',
      },
    ])
    const response = await request('default/messages/x', { headers: { origin: ALLOWED_ORIGIN } })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      ALLOWED_ORIGIN,
    ])
    expect(
      (await request('default/messages/x', { token: null, headers: { origin: ALLOWED_ORIGIN } })).status,
    ).toBe(401)
  })

  it('may not where it is not', async () => {
    const preflight = await asked('https://evil.example')
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    const response = await request('default/messages/x', { headers: { origin: 'https://evil.example' } })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })
})

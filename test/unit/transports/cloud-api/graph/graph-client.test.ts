import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  GraphClient,
  type GraphRequest,
  type UseOfToken,
} from '../../../../../src/transports/cloud-api/graph/graph-client.ts'
import type { GraphAccess } from '../../../../../src/transports/cloud-api/graph/graph-access.ts'
import type { GraphProblem } from '../../../../../src/transports/cloud-api/graph/graph-problem.ts'
import { GraphServer, type GraphServerAnswer } from '../../../../support/graph-server.ts'

const signal = new AbortController().signal
const NOW = Date.UTC(2026, 10, 30)

function clientOf(
  access: GraphAccess | null,
  refused?: (problem: GraphProblem, use: UseOfToken) => void,
): GraphClient {
  return new GraphClient({ access: () => access, fetch, now: () => NOW, ...(refused && { refused }) })
}

const MESSAGE: GraphRequest = { method: 'POST', path: '111/messages', json: { type: 'text' }, signal }

/** What a call ends with that the server answers so. */
async function problemAfter(
  answer: GraphServerAnswer,
  request: Partial<GraphRequest> = {},
): Promise<GraphProblem> {
  const server = await GraphServer.start()
  server.answer = () => answer
  const result = await clientOf(server.access()).call({ ...MESSAGE, ...request })
  if (result.ok) throw new Error('the call succeeded')
  return result.problem
}

describe('a call of the Graph API', () => {
  it('goes to version and path with the token, and answers with the JSON', async () => {
    const server = await GraphServer.start()
    server.answer = () => ({ json: { messages: [{ id: 'wamid.1' }] } })
    const answer = await clientOf(server.access()).call({ ...MESSAGE, query: { a: 'b c' } })
    expect(answer).toEqual({ ok: true, body: { messages: [{ id: 'wamid.1' }] } })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', path: '/v25.0/111/messages', json: { type: 'text' } })
    expect(request?.query.get('a')).toBe('b c')
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer EAAtoken',
      'accept-encoding': 'identity',
    })
  })

  it('goes to 360dialog with its header, and without version and number in the path', async () => {
    const server = await GraphServer.start()
    const client = clientOf(server.access({ provider: '360dialog' }))
    await client.call(MESSAGE)
    await client.call({ method: 'GET', path: '987', query: { phone_number_id: '111' }, signal })
    await client.call({ method: 'GET', path: '222/message_templates', query: { limit: '100' }, signal })
    expect(server.requests.map(({ path }) => path)).toEqual(['/messages', '/987', '/v1/configs/templates'])
    expect(server.requests[0]?.headers).toMatchObject({ 'd360-api-key': 'EAAtoken' })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    expect(server.requests[1]?.query.has('phone_number_id')).toBe(false)
    // What it does not offer is not asked.
    for (const path of ['111', '222/subscribed_apps', '111/register'])
      expect(await client.call({ method: 'GET', path, signal })).toMatchObject({
        ok: false,
        problem: { kind: 'refused', mayHaveLeft: false },
      })
    expect(server.requests).toHaveLength(3)
  })

  it('follows no redirect: the token goes to nobody else', async () => {
    const other = await GraphServer.start()
    const problem = await problemAfter({
      status: 307,
      headers: { location: `${other.url}/v25.0/111/messages` },
    })
    expect(problem).toMatchObject({ kind: 'retry', mayHaveLeft: false })
    expect(other.requests).toEqual([])
  })

  it('uses the token as it is at each call, and none that cannot stand in a header', async () => {
    const server = await GraphServer.start()
    let token = 'first'
    const client = new GraphClient({
      access: () => server.access({ accessToken: token }),
      fetch,
      now: () => NOW,
    })
    await client.call(MESSAGE)
    token = 'second'
    await client.call(MESSAGE)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ])
    for (const bad of ['with\nline', '', '“quoted”']) {
      token = bad
      expect(await client.call(MESSAGE)).toMatchObject({
        ok: false,
        problem: { kind: 'auth', mayHaveLeft: false },
      })
    }
    expect(await clientOf(null).call(MESSAGE)).toMatchObject({ ok: false, problem: { kind: 'auth' } })
    expect(server.requests).toHaveLength(2)
  })

  it('changes nothing at Meta once another process may own the account', async () => {
    const server = await GraphServer.start()
    const fence = (): void => {
      throw new Error('the lease is lost')
    }
    const client = new GraphClient({ access: () => server.access(), fetch, fence, now: Date.now })
    const refused = { ok: false, problem: { kind: 'retry', mayHaveLeft: false } }
    expect(await client.call(MESSAGE)).toMatchObject(refused)
    expect(server.requests).toHaveLength(0)
    expect(await client.call({ method: 'GET', path: '111', signal: MESSAGE.signal })).toMatchObject({
      ok: true,
    })
  })

  it("tells of failures that say something of the token, and shows nothing of the token that is in Meta's words", async () => {
    const server = await GraphServer.start()
    const message = 'Malformed access token EAAtoken of +49 171 1234567, see EAAGm0PX4ZCpsBA0123456789abcdefg'
    server.answer = () => ({ status: 401, json: { error: { code: 190, error_subcode: 463, message } } })
    const failures: GraphProblem[] = []
    const uses: UseOfToken[] = []
    const client = clientOf(server.access(), (problem, use) => {
      failures.push(problem)
      uses.push(use)
    })
    await client.call(MESSAGE)
    expect(failures).toEqual([])
    await client.call({ ...MESSAGE, ends: 'permission' })
    expect(uses).toEqual([{ ends: 'permission', token: 'EAAtoken' }])
    expect(failures).toMatchObject([{ kind: 'auth', code: 190, subcode: 463, mayHaveLeft: false }])
    expect(failures[0]?.details).toBe('Malformed access token … of …, see …')
  })
})

describe('an answer that was lost', () => {
  it.each<[string, GraphServerAnswer]>([
    ['the connection ends after the request left', 'reset'],
    ['a page in the place of JSON', { body: '<html>Sign in to this network</html>' }],
    [
      'half of an answer',
      { body: '{"messages":[{"id":"wam', headers: { 'content-type': 'application/json' } },
    ],
    ['a gateway that fails', { status: 502, body: '<h1>Bad gateway</h1>' }],
    ['an unknown error of the server', { status: 500, json: { error: { code: 1, message: 'unknown' } } }],
    ['an error of a code that is not known', { status: 503, json: { error: { code: 987654 } } }],
  ])('may have happened: %s', async (_what, answer) => {
    expect(await problemAfter(answer)).toMatchObject({ kind: 'retry', mayHaveLeft: true })
  })

  it('may have happened: nothing comes in time', async () => {
    expect(await problemAfter('silent', { timeoutMs: 50 })).toMatchObject({
      kind: 'retry',
      mayHaveLeft: true,
    })
  })

  it('may have happened: it fails while it is read, whatever the error is', async () => {
    const error = Object.assign(new Error('no way'), { code: 'ECONNREFUSED', syscall: 'connect' })
    const body = new ReadableStream({ start: (stream) => stream.error(error) })
    const access = (await GraphServer.start()).access()
    const client = new GraphClient({
      access: () => access,
      fetch: () => Promise.resolve(new Response(body)),
      now: () => NOW,
    })
    expect(await client.call(MESSAGE)).toMatchObject({ ok: false, problem: { mayHaveLeft: true } })
  })

  it('of a question means nothing', async () => {
    const { mayHaveLeft } = await problemAfter('reset', { method: 'GET', json: undefined })
    expect(mayHaveLeft).toBe(false)
  })

  it('did not happen: nobody listens there, or the call was cancelled before', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const access = { ...(await GraphServer.start()).access(), baseUrl: `http://127.0.0.1:${port}` }
    const refused = await clientOf(access).call(MESSAGE)
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'retry', code: null, mayHaveLeft: false } })
    const cancelled = await clientOf(access).call({ ...MESSAGE, signal: AbortSignal.abort() })
    expect(cancelled).toMatchObject({ ok: false, problem: { mayHaveLeft: false } })
  })

  it('is not read without an end', async () => {
    const body = `{"data":"${'x'.repeat(5 * 1_024 * 1_024)}"}`
    expect(await problemAfter({ body })).toMatchObject({ kind: 'retry', mayHaveLeft: true })
  })
})

describe('what Meta says about when to come again', () => {
  const error = { error: { code: 80007, message: 'rate' } }
  it.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': new Date(NOW + 90_000).toUTCString() }, 90_000],
    ['a date that is over', { 'retry-after': new Date(NOW - 90_000).toUTCString() }, 0],
    ['nothing', {}, null],
    ['words', { 'retry-after': 'soon' }, null],
    [
      'minutes of a business account, the longest of them',
      {
        'x-business-use-case-usage':
          '{"1":[{"estimated_time_to_regain_access":3}],"2":[{"estimated_time_to_regain_access":12}]}',
        'retry-after': '60',
      },
      12 * 60_000,
    ],
    ['a header that is no JSON', { 'x-business-use-case-usage': '{"1":' }, null],
    ['more than a day', { 'retry-after': '9999999' }, 86_400_000],
  ])('%s', async (_what, headers, waitMs) => {
    const problem = await problemAfter({ status: 429, headers, json: error })
    expect(problem).toMatchObject({ kind: 'rate_account', retryAfterMs: waitMs, mayHaveLeft: false })
  })
})

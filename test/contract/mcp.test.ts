import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { connectHttp, connectHttpEarlier, type TestMcpClient } from '../support/mcp-client.ts'
import { type Harness, LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import { accountView } from './support/fake-ports.ts'

const READING = [
  'get_status',
  'list_conversations',
  'read_conversation',
  'read_file',
  'request_access',
  'search_messages',
]
const ALL = [...READING, 'react', 'send_message'].toSorted()

let harness: Harness
const clients: TestMcpClient[] = []
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await harness.stop()
})

const connect = async (scopes: string, open = connectHttp): Promise<TestMcpClient> => {
  const client = await open(`${harness.http}/mcp`, scopes === 'local' ? LOCAL_TOKEN : `scoped:${scopes}`)
  clients.push(client)
  return client
}
const namesOf = async (client: TestMcpClient): Promise<string[]> =>
  (await client.tools()).map(({ name }) => name).toSorted()

describe('the tools of /mcp', () => {
  it.each([
    ['read,conversations', READING],
    ['conversations', READING.filter((name) => name !== 'get_status')],
    ['read', ['get_status']],
    ['local', ALL],
  ])('of a token with %s are those of its scopes', async (scopes, names) => {
    expect(await namesOf(await connect(scopes))).toEqual(names)
  })

  it('of a token without any are none, and one that is not listed does nothing', async () => {
    const client = await connect('read,conversations')
    const answer = await client
      .call('send_message', { to: '+15555550101', text: 'hello' })
      .catch((error: unknown) => error)
    expect(answer).toMatchObject({ message: expect.stringContaining('send_message') })
    expect(harness.accounts.messaging.calls).toEqual([])
  })

  it('say what they do, with schemas of what goes in and comes out', async () => {
    for (const tool of await (await connect('local')).tools()) {
      expect(tool, tool.name).toMatchObject({
        description: expect.stringMatching(/.{60}/),
        annotations: { readOnlyHint: expect.any(Boolean), openWorldHint: expect.any(Boolean) },
        inputSchema: { type: 'object', additionalProperties: false },
        outputSchema: { type: 'object' },
      })
    }
  })

  it.each([
    ['the present SDK', connectHttp],
    ['version 1 of the SDK', connectHttpEarlier],
  ])('serve a client of %s', async (_name, open) => {
    const client = await connect('local', open)
    const { fields, text } = await client.call('read_conversation', { conversation: '7' })
    expect(fields).toMatchObject({
      messages: [{ messageId: '3EB0QUESTION', from: 'person', text: { untrusted: 'the question' } }],
    })
    expect(JSON.parse(text.slice(text.indexOf('\n')))).toEqual(fields)
    harness.accounts.views = [accountView(), accountView({ account: 'second' })]
    // Of the other account, too, which has the same ones in this test. Some clients read all pages by themselves.
    const listed = []
    for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page += 1) {
      const { resources, nextCursor } = await client.resources(cursor)
      listed.push(...resources.map(({ uri }) => uri))
      cursor = nextCursor
    }
    expect(listed).toEqual(Array.from({ length: 2 }, () => 'whatsapp://default/conversations/7'))
    await expect(client.resources('of nobody')).rejects.toThrow('no cursor')
    expect(await client.read('whatsapp://default/conversations/7')).toContain('the question')
  })

  it('send as the assistant, never with force, whatever the caller gives', async () => {
    const client = await connect('read,conversations,send,send:any,agent')
    await client.call('send_message', { to: '+15555550101', text: 'hello' })
    await client.call('react', { conversation: '7', messageId: '3EB0QUESTION', emoji: '👍' })
    const forced = await client.call('send_message', { to: '+15555550101', text: 'hello', force: true })
    expect(forced).toMatchObject({ isError: true, text: expect.stringContaining('force') })
    const owner = await client.call('send_message', { to: '+15555550101', text: 'hello', as: 'owner' })
    expect(owner.isError).toBe(true)
    expect(harness.accounts.messaging.calls.map(({ method, requester }) => [method, requester])).toEqual([
      ['send', { author: 'assistant', by: 'api', mayForce: false }],
      ['react', { author: 'assistant', by: 'api', mayForce: false }],
    ])
  })

  it('answer a failure as a result that says the cure', async () => {
    const client = await connect('local')
    harness.accounts.failure = new DaemonError('recipient_not_allowed')
    const { isError, text } = await client.call('send_message', { to: '+15555550101', text: 'hello' })
    expect([isError, text]).toEqual([
      true,
      'The recipient may not talk to the assistant, so nothing is sent to them. Allow the recipient first.',
    ])
    harness.accounts.failure = null
    expect(await client.call('read_conversation', { conversation: 'nobody' })).toBeDefined()
    expect(await client.call('get_status', { account: 'other' })).toMatchObject({ isError: true })
  })
})

describe('/mcp', () => {
  /** `fetch` sets `Host` by itself. */
  const post = (
    headers: Record<string, string>,
    body: string | null = PING,
    method = 'POST',
  ): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          host: harness.host,
          port: harness.port,
          path: '/mcp',
          method,
          headers: { ...JSON_HEADERS, ...headers },
        },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      request.once('error', reject)
      request.end(body ?? undefined)
    })
  const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
  const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const authorization = `Bearer ${LOCAL_TOKEN}`

  it('needs a token, in its header alone', async () => {
    expect(await post({})).toBe(401)
    expect(await post({ authorization: 'Bearer wrong' })).toBe(401)
    expect(
      (await fetch(`${harness.http}/mcp?token=${LOCAL_TOKEN}`, { method: 'POST', body: PING })).status,
    ).toBe(401)
    expect(await post({ authorization })).toBe(200)
  })

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['an allowed origin', { origin: 'https://dashboard.example' }, 200],
    ['a host that an attacker made lead here', { host: 'evil.example' }, 403],
    ['such a host with its own origin', { host: 'evil.example:80', origin: 'http://evil.example:80' }, 403],
    ['the host of an allowed origin', { host: 'dashboard.example' }, 200],
    ['localhost', { host: 'localhost:8765' }, 200],
    ['an address', { host: '[::1]:8765' }, 200],
  ])('answers a request with %s', async (_name, headers: Record<string, string>, status) => {
    expect(await post({ authorization, ...headers })).toBe(status)
  })

  it('keeps no sessions and no streams', async () => {
    for (const method of ['GET', 'DELETE'])
      expect(await post({ authorization, 'mcp-session-id': 'mine' }, null, method)).toBe(405)
  })

  it('reads no more than a body of its size, and few requests of one', async () => {
    expect(await post({ authorization }, ' '.repeat(513 * 1_024))).toBe(413)
    expect(await post({ authorization }, `[${Array.from({ length: 21 }, () => PING).join()}]`)).toBe(413)
    expect(await post({ authorization }, '{"jsonrpc"')).toBe(400)
  })
})

import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { AwaitedAnswers } from '../../../../../src/agents/answers/awaited-answers.ts'
import {
  WebhookAgent,
  type WebhookAgentOptions,
} from '../../../../../src/agents/connectors/webhook/webhook-agent.ts'
import { webhookKey } from '../../../../../src/network/standard-webhooks.ts'
import { turnOf } from '../../../../support/turn-of.ts'
import { type PostedTurn, WebhookServer } from '../../../../support/webhook-server.ts'
import { wordsOf } from '../../../../support/words-of.ts'

const SECRET = `whsec_${Buffer.from('this secret signs every request!').toString('base64')}`

let server: WebhookServer
afterEach(() => server.stop())

const answers = new AwaitedAnswers()

async function agentAt(
  answer: (posted: PostedTurn, response: ServerResponse) => void | Promise<void>,
  options: Partial<WebhookAgentOptions> = {},
): Promise<WebhookAgent> {
  server = await WebhookServer.start({
    hook: answer,
    elsewhere: (_posted, response) => void response.end('no'),
  })
  return new WebhookAgent({ ...optionsOf(server.urlOf('hook')), ...options })
}

function optionsOf(url: string): WebhookAgentOptions {
  return {
    id: 'ada',
    url,
    shownUrl: url,
    timeoutSeconds: 5,
    answersLater: false,
    keys: () => [webhookKey(SECRET) ?? Buffer.alloc(0)],
    headers: () => ({ 'x-api-key': 'k' }),
    answers,
    fetch: globalThis.fetch,
    retryDelaysMs: [1],
  }
}

async function say(agent: WebhookAgent, id = 'T'): Promise<string> {
  let said = ''
  for await (const part of agent.reply(turnOf({ id }), new AbortController().signal)) said += wordsOf(part)
  return said
}

const text = (response: ServerResponse, said: string): void => void response.end(said)
const times = (): number => server.postedTo('hook').length

describe('a webhook', () => {
  it('gets a signed turn, and the headers of the config', async () => {
    const agent = await agentAt((_posted, response) => text(response, 'Hi'))
    expect(await say(agent)).toBe('Hi')
    const [posted] = server.posted
    expect(posted?.headers).toMatchObject({ 'webhook-id': 'T', 'x-api-key': 'k' })
    const turn = new Webhook(SECRET).verify(posted?.body ?? '', posted?.headers ?? {})
    expect(turn).toMatchObject({ type: 'turn', id: 'T', messages: [{ text: 'hello' }] })
  })

  it.each([500, 503, 429, 408])('that answers %i is asked again, under the same id', async (status) => {
    const agent = await agentAt((_posted, response) =>
      times() < 3 ? void response.writeHead(status).end() : text(response, 'at last'),
    )
    expect(await say(agent)).toBe('at last')
    expect(server.posted.map(({ headers }) => headers['webhook-id'])).toEqual(['T', 'T', 'T'])
  })

  it('that breaks off before it answers is asked again', async () => {
    const agent = await agentAt((_posted, response) =>
      times() < 2 ? void response.destroy() : text(response, 'at last'),
    )
    expect(await say(agent)).toBe('at last')
  })

  it('that breaks off in the middle of its answer is not', async () => {
    const agent = await agentAt((_posted, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"type":"delta","text":"Half"}\n', () => response.destroy())
    })
    await expect(say(agent)).rejects.toMatchObject({ code: 'interrupted' })
    expect(times()).toBe(1)
  })

  it('is asked again as late as it says, and not at all where that is too late', async () => {
    const agent = await agentAt((_posted, response) => {
      if (times() === 2) return text(response, 'at last')
      response.writeHead(429, { 'retry-after': '0.2' }).end()
    })
    const startedAt = performance.now()
    expect(await say(agent)).toBe('at last')
    expect(performance.now() - startedAt).toBeGreaterThan(190)
    await server.stop()
    const later = await agentAt(
      (_posted, response) => void response.writeHead(429, { 'retry-after': '60' }).end(),
    )
    await expect(say(later)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(times()).toBe(1)
  })

  it.each([
    [301, 'not_found', /redirects/],
    [307, 'not_found', /redirects/],
    [401, 'unauthorized', /check headers/],
    [404, 'not_found', /check url/],
    [413, 'turn_too_large', /size/],
    [422, 'bad_request', /does not take/],
  ])('that answers %i is not asked again, nor followed', async (status, code, message) => {
    const agent = await agentAt((_posted, response) => {
      response.writeHead(status, { location: server.urlOf('elsewhere') }).end()
    })
    await expect(say(agent)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(server.posted).toHaveLength(1)
  })

  it('that fails until there is no time for another try is reported as what it is, and logged once', async () => {
    const logged: unknown[] = []
    const logger = { warn: (...line: unknown[]) => void logged.push(line) }
    const options = { retryDelaysMs: [10, 10, 10, 10_000], logger }
    const agent = await agentAt((_posted, response) => void response.writeHead(500).end(), options)
    await expect(say(agent)).rejects.toMatchObject({ code: 'server_error' })
    expect(times()).toBe(4)
    expect(logged).toEqual([
      [{ turn: 'T', agent: 'ada', code: 'server_error' }, expect.stringContaining('answered 500')],
    ])
    const gone = new WebhookAgent({ ...optionsOf(server.urlOf('hook')), ...options })
    await server.stop()
    await expect(say(gone)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it.each(['0', 'Sun, 01 Mar 2026 12:00:07 GMT'])(
    'that says "Retry-After: %s" is not asked again without a pause',
    async (value) => {
      const agent = await agentAt(
        (_posted, response) => void response.writeHead(503, { 'retry-after': value }).end(),
        { retryDelaysMs: [10, 10_000] },
      )
      await expect(say(agent)).rejects.toMatchObject({ code: 'server_error' })
      expect(times()).toBe(2)
    },
  )

  it('may answer later, once, and in steps', async () => {
    const agent = await agentAt((_posted, response) => {
      response.writeHead(202).end()
    })
    const said = say(agent)
    await expect.poll(() => server.posted[0]?.finished).toBe(true)
    answers.take('T', 'posted', { type: 'delta', text: 'Late, ' })
    answers.take('T', 'posted', { type: 'delta', text: 'but here' })
    answers.take('T', 'posted', { type: 'done' })
    expect(await said).toBe('Late, but here')
    expect(() => answers.take('T', 'posted', { type: 'done' })).toThrow(/has its answer already/)
    expect(() => answers.take('U', 'posted', { type: 'done' })).toThrow(/No turn of this id/)
  })

  it('answers only later where the config says so, whatever it is answered with', async () => {
    const agent = await agentAt((_posted, response) => text(response, 'Accepted'), { answersLater: true })
    const said = say(agent)
    await expect.poll(() => server.posted[0]?.finished).toBe(true)
    answers.take('T', 'posted', { type: 'delta', text: 'Hi' })
    answers.take('T', 'posted', { type: 'done' })
    expect(await said).toBe('Hi')
  })

  it('whose answer came another way is not heard twice', async () => {
    const agent = await agentAt((_posted, response) => {
      answers.take('T', 'posted', { type: 'delta', text: 'First' })
      answers.take('T', 'posted', { type: 'done' })
      text(response, 'Second')
    })
    expect(await say(agent)).toBe('First')
  })

  /** It was asked to wait for room that could not come, and the person heard that the assistant was too slow. */
  it('that writes more than any answer has at once is told so, and not that it is late', async () => {
    const agent = await agentAt((_posted, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.end(JSON.stringify({ type: 'delta', text: 'x'.repeat(2_000_001) }))
    })
    await expect(say(agent)).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it('is told with every request what the secret is now', async () => {
    const next = `whsec_${Buffer.from('another secret, from now on used').toString('base64')}`
    let secrets = [SECRET]
    const agent = await agentAt((_posted, response) => text(response, 'Hi'), {
      keys: () => secrets.map((each) => webhookKey(each) ?? Buffer.alloc(0)),
    })
    await say(agent)
    secrets = [next, SECRET]
    await say(agent)
    const [first, second] = server.posted
    expect(() => new Webhook(next).verify(first?.body ?? '', first?.headers ?? {})).toThrow()
    for (const secret of secrets) new Webhook(secret).verify(second?.body ?? '', second?.headers ?? {})
  })
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Turn } from '../../src/agents/agent.ts'
import { AgentError } from '../../src/agents/agent-error.ts'
import {
  OpenAiChatAgent,
  type OpenAiChatOptions,
} from '../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { OpenAiServer } from '../support/openai-server.ts'
import { turnOf } from '../support/turn-of.ts'
import { ALICE, Desk } from '../unit/conversations/desk.ts'
import { wordsOf } from '../support/words-of.ts'

const { KEY } = OpenAiServer
let server: OpenAiServer
let baseUrl: string

beforeAll(async () => {
  server = await OpenAiServer.start()
  baseUrl = server.baseUrl
})

afterAll(() => server.stop())

function agentOf(model: string, more: Partial<OpenAiChatOptions> = {}): OpenAiChatAgent {
  return new OpenAiChatAgent({
    baseUrl,
    model,
    systemPrompt: 'Be brief.',
    timeoutSeconds: 10,
    apiKey: () => KEY,
    ...more,
  })
}

function turn(text = 'hello'): Turn {
  return turnOf({
    text,
    history: [
      { from: 'assistant', text: 'welcome', at: new Date() },
      { from: 'person', text: 'earlier', at: new Date() },
      { from: 'assistant', text: 'answer', at: new Date() },
    ],
  })
}

async function ask(agent: OpenAiChatAgent, signal = new AbortController().signal): Promise<string> {
  let text = ''
  for await (const part of agent.reply(turn(), signal)) text += wordsOf(part)
  return text
}

async function failureOf(agent: OpenAiChatAgent): Promise<AgentError> {
  const error: unknown = await ask(agent).catch((reason: unknown) => reason)
  if (!(error instanceof AgentError)) throw new Error(`no AgentError: ${String(error)}`)
  expect(inspect(error)).not.toMatch(/sk-test|hello|secret/)
  expect(error.cause).toBeUndefined()
  return error
}

describe('the openai-chat connector', () => {
  it('streams an answer, with the key, the system prompt and the history in alternating roles', async () => {
    const parts: string[] = []
    for await (const part of agentOf('good').reply(turn(), new AbortController().signal))
      parts.push(wordsOf(part))
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.join('')).toBe('You said: hello')
    expect(await server.requestsFor('good')).toMatchObject([
      {
        key: KEY,
        body: {
          stream: true,
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'earlier' },
            { role: 'assistant', content: 'answer' },
            { role: 'user', content: expect.stringMatching(/^\[turn T: [^]*\n\nhello$/) },
          ],
        },
      },
    ])
  })

  it.each([
    ['bytes', 'Grüße 👩‍🚀 – 你好'],
    ['comments', 'still here'],
    ['whole', 'all at once'],
    ['no-done', 'complete'],
    ['busy-once', 'You said: hello'],
  ])('understands a server that answers with %s', async (model, expected) => {
    expect(await ask(agentOf(model))).toBe(expected)
  })

  it('works without a key, and with a slash behind the address', async () => {
    expect(await ask(agentOf('whole', { apiKey: () => null, baseUrl: `${baseUrl}/` }))).toBe('all at once')
    expect((await server.requestsFor('whole')).at(-1)?.key).toBeNull()
  })

  it.each([
    ['unauthorized', 'unauthorized', 'the assistant answered 401 (invalid_api_key): check apiKey'],
    ['missing', 'not_found', 'the assistant answered 404 (model_not_found): check baseUrl and model'],
    [
      'limited',
      'rate_limited',
      'the assistant answered 429 (insufficient_quota): too many requests, or no credit',
    ],
    ['broken', 'server_error', 'the assistant answered 500 (server_error): unexpected'],
    ['redirect', 'bad_answer', 'the assistant answered 302: it redirects; give its final address as baseUrl'],
    ['dropped', 'interrupted', 'the connection to the assistant was lost'],
    ['truncated', 'interrupted', 'the assistant stopped in the middle of its answer'],
    ['error-in-stream', 'server_error', 'the assistant reported an error (overloaded)'],
    ['garbage', 'bad_answer', 'the assistant sent something that is no chat completion'],
    ['html', 'bad_answer', 'the assistant sent an HTML page instead of an answer'],
  ])('names what is wrong with a server that is %s, without the key', async (model, code, message) => {
    expect(await failureOf(agentOf(model))).toMatchObject({ code, message })
  })

  it('tries a broken server three times, and one that asks for an hour only once', async () => {
    expect(await server.requestsFor('broken')).toHaveLength(3)
    expect(await server.requestsFor('limited')).toHaveLength(1)
  })

  it('names a server that is not there', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const address = probe.address()
    const port = typeof address === 'object' ? address?.port : 0
    probe.close()
    await once(probe, 'close')
    const error = await failureOf(agentOf('good', { baseUrl: `http://127.0.0.1:${port}/v1` }))
    expect(error).toMatchObject({ code: 'unreachable' })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('does not show a key that no header can carry', async () => {
    expect(await failureOf(agentOf('good', { apiKey: () => `${KEY}\nX` }))).toMatchObject({
      code: 'unreachable',
    })
  })

  it('gives up in time', async () => {
    expect(await failureOf(agentOf('silent', { timeoutSeconds: 0.2 }))).toMatchObject({
      code: 'timeout',
      message: 'the assistant did not finish within 0.2 s',
    })
  })

  it('hangs up when it is aborted, with the reason it was given', async () => {
    const abort = new AbortController()
    const reason = new Error('removed')
    const asked = ask(agentOf('silent'), abort.signal).catch((error: unknown) => error)
    await expect.poll(async () => (await server.requestsFor('silent')).length).toBe(2)
    abort.abort(reason)
    expect(await asked).toBe(reason)
    await expect
      .poll(async () => (await server.requestsFor('silent')).every(({ aborted }) => aborted))
      .toBe(true)
  })
})

describe('a conversation with the openai-chat connector', () => {
  it('sends the first paragraph while the second is still being written', async () => {
    const desk = new Desk()
    desk.agent = agentOf('paragraphs')
    desk.conversations.start()
    desk.receive(ALICE, 'tell me')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['*First* paragraph.'])
    expect(desk.named('agent.turnFinished')).toEqual([])
    await server.goOn()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['*First* paragraph.', 'Second paragraph.'])
  })

  it('says sorry when the server fails', async () => {
    const desk = new Desk()
    desk.agent = agentOf('unauthorized')
    desk.conversations.start()
    desk.receive(ALICE, 'tell me')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()[0]).toContain('Sorry')
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'failed' }])
  })
})

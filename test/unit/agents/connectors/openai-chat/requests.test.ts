import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Turn } from '../../../../../src/agents/agent.ts'
import { AgentError } from '../../../../../src/agents/agent-error.ts'
import {
  OpenAiChatAgent,
  type OpenAiChatOptions,
} from '../../../../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { createAgent } from '../../../../../src/agents/registry.ts'
import { SecretReader } from '../../../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { type ScriptedAnswer, ScriptedChatServer } from '../../../../support/scripted-chat-server.ts'
import { turnOf } from '../../../../support/turn-of.ts'
import { completion } from './scripted-answers.ts'
import { wordsOf } from '../../../../support/words-of.ts'

const server = new ScriptedChatServer()
const FINE: ScriptedAnswer = { body: [JSON.stringify(completion({ content: 'fine' }))] }
const refused = (status: number): ScriptedAnswer => ({
  status,
  body: [JSON.stringify({ error: { message: 'no' } })],
})

beforeAll(() => server.start())
afterAll(() => server.stop())
beforeEach(() => {
  server.answers = [FINE]
  server.seen.length = 0
})

function agentOf(more: Partial<OpenAiChatOptions> = {}): OpenAiChatAgent {
  return new OpenAiChatAgent({
    baseUrl: server.baseUrl,
    model: 'm',
    systemPrompt: null,
    timeoutSeconds: 10,
    apiKey: () => null,
    retryDelaysMs: [0, 0],
    ...more,
  })
}

async function ask(agent: OpenAiChatAgent, turn: Turn = turnOf()): Promise<string> {
  let text = ''
  for await (const part of agent.reply(turn, new AbortController().signal)) text += wordsOf(part)
  return text
}

const bodies = (): (Record<string, unknown> | null)[] => server.seen.map(({ body }) => body)

describe('a request', () => {
  it('names the conversation, and the model that the person chose', async () => {
    await ask(agentOf(), turnOf({ sessionId: 'wa_15550001111_2', model: 'chosen' }))
    await ask(agentOf())
    expect(bodies()).toMatchObject([
      { user: 'wa_15550001111_2', model: 'chosen', stream: true },
      { user: 'wa_15550001111', model: 'm' },
    ])
  })

  it('is made again without the name of the conversation where the server does not know such a thing', async () => {
    server.answers = (request) => ('user' in request ? refused(422) : FINE)
    const agent = agentOf()
    expect(await ask(agent)).toBe('fine')
    expect(await ask(agent)).toBe('fine')
    expect(bodies().map((body) => body !== null && 'user' in body)).toEqual([true, false, false])
  })

  it('keeps the name of the conversation where the server took it once, or must keep the conversation', async () => {
    server.answers = [FINE, refused(400)]
    const agent = agentOf()
    await ask(agent)
    await expect(ask(agent)).rejects.toMatchObject({ code: 'bad_request' })
    server.answers = [refused(400)]
    await expect(ask(agentOf({ sessionMode: 'server' }))).rejects.toMatchObject({ code: 'bad_request' })
    expect(bodies().every((body) => body?.['user'] === 'wa_15550001111')).toBe(true)
    // The last one was made again without what else the server may not know.
    expect(bodies().map((body) => body !== null && 'stream_options' in body)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('asks for the tokens of a streamed answer, and hands them on; not where the server does not know that', async () => {
    server.answers = (request) => ('stream_options' in request ? refused(400) : FINE)
    const agent = agentOf()
    expect(await ask(agent)).toBe('fine')
    expect(await ask(agent)).toBe('fine')
    expect(bodies().map((body) => body?.['stream_options'])).toEqual([
      { include_usage: true },
      undefined,
      undefined,
    ])
  })

  it('carries no history for a server that keeps the conversation', async () => {
    const at = new Date(0)
    const history: Turn['history'] = [
      { from: 'person', text: 'earlier', at, seen: true },
      { from: 'assistant', text: 'answer', at, seen: true },
    ]
    await ask(agentOf({ sessionMode: 'server', systemPrompt: 'Be brief.' }), turnOf({ history }))
    expect(bodies()[0]).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
    })
  })

  it('keeps the query of the address behind the path', async () => {
    await ask(agentOf({ baseUrl: `${server.baseUrl}/?api-version=1#part` }))
    expect(server.seen[0]?.path).toBe('/v1/chat/completions?api-version=1')
  })

  it('names the chosen model where the server does not have it', async () => {
    server.answers = [refused(404)]
    const shown = (setting: string, value: string): string => (setting === 'model' ? '${MODEL}' : value)
    const error: unknown = await ask(agentOf({ shown }), turnOf({ model: 'chosen' })).catch(
      (reason: unknown) => reason,
    )
    expect((error as AgentError).action).toMatch(
      /^The model "chosen" was chosen in a chat: "\/model default"/,
    )
  })
})

describe('the headers that the config gives', () => {
  const agentWith = (settings: Record<string, unknown>, env: NodeJS.ProcessEnv = {}): OpenAiChatAgent =>
    // What the connector makes.
    createAgent(
      'ada',
      { connector: 'openai-chat', settings: { baseUrl: server.baseUrl, model: 'm', ...settings } },
      {
        secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
        programs: { account: 'default', environment: {}, stateDirectory: '/nonexistent' },
      },
    ) as OpenAiChatAgent

  it('are sent with every request, read anew each time', async () => {
    const env = { GATE: 'first' }
    const agent = agentWith(
      {
        headers: { 'X-Gate': { env: 'GATE' }, 'x-channel': { literal: 'whatsapp' } },
        apiKey: { literal: 'k' },
      },
      env,
    )
    await ask(agent)
    env.GATE = 'second'
    await agent.models(new AbortController().signal)
    expect(
      server.seen.map(({ headers }) => [headers['x-gate'], headers['x-channel'], headers.authorization]),
    ).toEqual([
      ['first', 'whatsapp', 'Bearer k'],
      ['second', 'whatsapp', 'Bearer k'],
    ])
  })

  it('may say who asks, in the place of a key and not beside it', async () => {
    const headers = { Authorization: { literal: 'Basic abc' } }
    await ask(agentWith({ headers }))
    expect(server.seen[0]?.headers.authorization).toBe('Basic abc')
    const both = agentWith({ headers, apiKey: { literal: 'key' } })
    await expect(both.start()).rejects.toMatchObject({
      code: 'misconfigured',
      action: expect.stringContaining('headers.authorization'),
    })
    await expect(ask(both)).rejects.toMatchObject({ code: 'misconfigured' })
    expect(server.seen).toHaveLength(1)
  })

  it.each(['two\nlines', 'snow ☃'])('are refused by name and without their value: %j', async (value) => {
    const error: unknown = await ask(
      agentWith({ headers: { 'x-gate': { literal: `secret ${value}` } } }),
    ).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AgentError)
    const { code, message, action } = error as AgentError
    expect(code).toBe('misconfigured')
    expect(action).toContain('agents.ada.headers.x-gate')
    expect(message + action).not.toContain('secret')
    expect(server.seen).toEqual([])
  })
})

describe('the models of a server', () => {
  const models = (agent = agentOf()): Promise<string[]> => agent.models(new AbortController().signal)

  it.each<[string, unknown]>([
    ['OpenAI', { object: 'list', data: [{ id: 'a' }, { id: 'b' }] }],
    ['others, by name', { models: [{ name: 'a' }, { name: 'b' }] }],
    ['a bare list', [{ id: 'a' }, 'b']],
  ])('are listed as by %s', async (_who, body) => {
    server.answers = [{ body: [JSON.stringify(body)] }]
    expect(await models()).toEqual(['a', 'b'])
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/v1/models', body: null })
  })

  it('are bounded, each once, and names that can be shown', async () => {
    const names = [...Array.from({ length: 3_000 }, (_each, index) => `m${index}`), 'm0']
    const strange = ['', 'x'.repeat(201), 'two\nlines', 7, null]
    server.answers = [{ body: [JSON.stringify({ data: [...strange, ...names].map((id) => ({ id })) })] }]
    const listed = await models()
    expect(listed).toHaveLength(1_000)
    expect(listed[0]).toBe('m0')
  })

  it.each([
    [401, 'unauthorized'],
    [404, 'not_found'],
    [500, 'server_error'],
  ] as const)('are a failure with its cure where the server answers %i', async (status, code) => {
    server.answers = [refused(status)]
    await expect(models(agentOf({ id: 'ada' }))).rejects.toMatchObject({ code })
  })

  it('are no answer without end', async () => {
    server.answers = [{ body: [`{"data":["${'x'.repeat(13_000_000)}"]}`] }]
    await expect(models()).rejects.toMatchObject({ code: 'bad_answer' })
  })
})

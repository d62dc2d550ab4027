import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Turn, TurnAttachment } from '../../../../../src/agents/agent.ts'
import { AgentError } from '../../../../../src/agents/agent-error.ts'
import {
  OpenAiChatAgent,
  type OpenAiChatOptions,
} from '../../../../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { createAgent } from '../../../../../src/agents/registry.ts'
import { SecretReader } from '../../../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { type ScriptedAnswer, ScriptedChatServer } from '../../../../support/scripted-chat-server.ts'
import { turnMessageOf, turnOf } from '../../../../support/turn-of.ts'
import { completion } from './scripted-answers.ts'

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
  for await (const part of agent.reply(turn, new AbortController().signal)) text += part.text
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
    expect(server.seen).toHaveLength(3)
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

describe('images', () => {
  const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(8, 1)])
  const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(8, 2)])

  function files(): (name: string, bytes: Buffer, kind?: TurnAttachment['kind']) => TurnAttachment {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-images-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    return (name, bytes, kind = 'image') => {
      const path = join(directory, name)
      writeFileSync(path, bytes)
      return { kind, what: 'photo', name, mimeType: 'text/html', size: null, path }
    }
  }

  const withFiles = (attachments: TurnAttachment[]): Turn =>
    turnOf({ messages: [turnMessageOf({ text: 'what is this?', attachments })] })

  const urls = (body: Record<string, unknown> | null): string[] => {
    const [message] = (body?.['messages'] ?? []) as { content: { image_url?: { url: string } }[] | string }[]
    return typeof message?.content === 'string'
      ? []
      : (message?.content ?? []).flatMap(({ image_url }) => image_url?.url ?? [])
  }

  it('go with the question, by what they are and not by what their name says', async () => {
    const file = files()
    await ask(
      agentOf(),
      withFiles([
        file('a', PNG),
        file('b', JPEG),
        file('c.png', Buffer.from('<html>')),
        file('d', PNG, 'document'),
        { ...file('e', PNG), path: null },
        { ...file('f', PNG), path: '/nonexistent/f.png' },
        file('g', Buffer.alloc(0)),
      ]),
    )
    expect(urls(bodies()[0] ?? null)).toEqual([
      `data:image/png;base64,${PNG.toString('base64')}`,
      `data:image/jpeg;base64,${JPEG.toString('base64')}`,
    ])
    expect(JSON.stringify(bodies()[0])).toContain('what is this?')
  })

  it('are bounded in number and size, the newest first, and follow no link', async () => {
    const file = files()
    const large = file('large', Buffer.concat([PNG, Buffer.alloc(10_000_001)]))
    const half = Array.from({ length: 2 }, (_each, index) =>
      file(`half${index}`, Buffer.concat([PNG, Buffer.alloc(7_500_000)])),
    )
    const link = { ...file('target', PNG) }
    const path = `${link.path}-link`
    symlinkSync(link.path ?? '', path)
    await ask(agentOf(), withFiles([large, { ...link, path }]))
    expect(urls(bodies()[0] ?? null)).toEqual([])
    await ask(agentOf(), withFiles(half))
    expect(urls(bodies()[1] ?? null)).toHaveLength(1)
    const small = Array.from({ length: 12 }, (_each, index) =>
      file(`small${index}`, Buffer.concat([PNG, Buffer.from([index])])),
    )
    await ask(agentOf(), withFiles(small))
    const sent = urls(bodies()[2] ?? null)
    expect(sent).toHaveLength(8)
    expect(sent.at(-1)).toBe(
      `data:image/png;base64,${Buffer.concat([PNG, Buffer.from([11])]).toString('base64')}`,
    )
  })

  it('are left out where the config says so, and where the server refuses them', async () => {
    const turn = withFiles([files()('a', PNG)])
    await ask(agentOf({ images: false }), turn)
    expect(urls(bodies()[0] ?? null)).toEqual([])
    server.seen.length = 0
    server.answers = (request) => (typeof request.messages[0]?.content === 'string' ? FINE : refused(400))
    expect(await ask(agentOf(), turn)).toBe('fine')
    expect(server.seen).toHaveLength(2)
    expect(bodies()[1]).toMatchObject({ user: 'wa_15550001111' })
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
    server.answers = [{ body: [`{"data":["${'x'.repeat(3_000_000)}"]}`] }]
    await expect(models()).rejects.toMatchObject({ code: 'bad_answer' })
  })
})

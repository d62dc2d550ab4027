// The model was down, answered 401 or HTML, or nothing at all: the status said "connected", the card was green, `/readyz` 200, and
// `agent.turnFinished` had no cause. Only the log knew.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountView } from '../../src/protocol/account/account.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { type ScriptedAnswer, ScriptedChatServer } from '../support/scripted-chat-server.ts'

const answerOf = (content: unknown): ScriptedAnswer => ({
  body: [JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] })],
})
const WAYS_TO_FAIL: [what: string, answer: ScriptedAnswer, code: string, says: RegExp, cure: RegExp][] = [
  [
    'refuses the key',
    { status: 401, body: ['{"error":{"code":"invalid_api_key","message":"SECRET"}}'] },
    'unauthorized',
    /^The assistant answered 401 \(invalid_api_key\): check apiKey\.$/,
    /agents\.ada\.apiKey \(the environment variable CHAT_KEY\)/,
  ],
  [
    'asks to wait for long',
    { status: 429, headers: { 'retry-after': '3600' }, body: ['{"error":{"message":"SECRET"}}'] },
    'rate_limited',
    /429/,
    /limit/,
  ],
  [
    'sends a page',
    { headers: { 'content-type': 'text/html' }, body: ['<html>SECRET</html>'] },
    'bad_answer',
    /^The assistant sent an HTML page instead of an answer\.$/,
    /agents\.ada\.baseUrl \(http:\/\/127\.0\.0\.1:\d+\)/,
  ],
  ['says nothing', answerOf(null), 'no_answer', /without any text/, /./],
]

describe('an assistant that', () => {
  const server = new ScriptedChatServer()
  const lines: string[] = []
  let stack: Stack
  beforeAll(async () => {
    await server.start()
    stack = await Stack.start({
      env: { CHAT_KEY: 'sk-secret-0123456789' },
      channel: {
        agents: {
          ada: { connector: 'openai-chat', baseUrl: server.baseUrl, model: 'm', apiKey: { env: 'CHAT_KEY' } },
        },
        defaultAgent: 'ada',
      },
      logger: createLogger({
        level: 'warn',
        format: 'json',
        destination: { write: (line) => lines.push(line) },
      }),
    })
    await stack.link()
  })
  afterAll(async () => {
    await stack.stop()
    await server.stop()
  })

  const finished = () => stack.published('agent.turnFinished')
  async function ask(): Promise<void> {
    const before = finished().length
    await stack.alice.sendText(OWNER, 'question')
    await stack.until('the end of the turn', () => finished().length > before)
  }
  const shown = (): AccountView => stack.account()
  async function ready(deep: string): Promise<[number, unknown]> {
    const response = await fetch(`${stack.url}/readyz${deep}`)
    return [response.status, await response.json()]
  }

  it('was not asked yet is well, as far as anybody knows', async () => {
    expect(shown().assistant).toMatchObject({
      agent: 'ada',
      ok: true,
      lastSuccessAt: null,
      lastFailure: null,
    })
    expect(await ready('?deep')).toEqual([
      200,
      { status: 'ready', accounts: { connected: 1 }, assistants: { ok: 1 } },
    ])
  })

  it.each(WAYS_TO_FAIL)(
    '%s is shown everywhere, until it answers again',
    async (_what, answer, code, says, cure) => {
      server.answers = [answer]
      lines.length = 0
      const events = stack.published('account.status').length
      await ask()
      expect(finished().at(-1)).toMatchObject({ outcome: 'failed', code })
      expect(shown()).toMatchObject({ state: 'connected', assistant: { ok: false, lastFailure: { code } } })
      expect(shown().assistant?.lastFailure?.message).toMatch(says)
      expect(shown().assistant?.lastFailure?.action).toMatch(cure)
      expect(stack.published('account.status').slice(events).at(-1)).toMatchObject({
        assistant: { ok: false },
      })
      expect(await ready('')).toEqual([200, { status: 'ready', accounts: { connected: 1 } }])
      expect(await ready('?deep')).toEqual([
        503,
        { status: 'not_ready', accounts: { connected: 1 }, assistants: { [code]: 1 } },
      ])
      const line = lines.map((each) => JSON.parse(each)).find(({ msg }) => /the assistant failed/.test(msg))
      expect(line).toMatchObject({ agent: 'ada', code, level: 'warn' })
      expect(line.msg).toMatch(cure)
      expect(line.err).toBeUndefined()
      expect(JSON.stringify([stack.events, lines])).not.toMatch(/SECRET|sk-secret/)

      server.answers = [answerOf('an answer')]
      await ask()
      const { assistant } = shown()
      expect(assistant).toMatchObject({ ok: true, lastFailure: { code } })
      expect(assistant?.lastSuccessAt).not.toBeNull()
      expect(stack.published('account.status').at(-1)).toMatchObject({ assistant: { ok: true } })
      expect((await ready('?deep'))[0]).toBe(200)
    },
  )

  it('answers again and again makes no event of each answer', async () => {
    await ask()
    const events = stack.published('account.status').length
    await ask()
    await ask()
    expect(stack.published('account.status').length).toBe(events)
  })
})

it('an assistant whose key is not set is known before the first question', async () => {
  const stack = await Stack.start({
    channel: {
      agents: {
        ada: {
          connector: 'openai-chat',
          baseUrl: 'http://127.0.0.1:9/v1',
          model: 'm',
          apiKey: { env: 'NO_KEY' },
        },
      },
      defaultAgent: 'ada',
    },
  })
  try {
    await stack.until('the failure', () => stack.account().assistant?.ok === false)
    expect(stack.account().assistant?.lastFailure).toMatchObject({
      code: 'misconfigured',
      action: expect.stringContaining('agents.ada.apiKey, which is the environment variable NO_KEY'),
    })
  } finally {
    await stack.stop()
  }
})

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { AgentError } from '../../src/agents/agent-error.ts'
import {
  OpenAiChatAgent,
  type OpenAiChatOptions,
} from '../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { describeRealAgents } from '../support/real-agents.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { turnOf } from '../support/turn-of.ts'
import { wordsOf } from '../support/words-of.ts'
import { inTime } from '../support/in-time.ts'

/** What is used of aimock. */
interface ModelServer {
  url: string
  start(): Promise<unknown>
  stop(): Promise<unknown>
  onMessage(pattern: RegExp, answer: Record<string, unknown>, options?: Record<string, unknown>): unknown
  nextRequestError(status: number, body?: Record<string, unknown>): unknown
  setChaos(rates: Record<string, number>): unknown
  clearChaos(): unknown
  getRequests(): { body: Record<string, unknown> | null }[]
}

const ANSWER = 'An answer of several words, in pieces.'

function agentAt(baseUrl: string, more: Partial<OpenAiChatOptions> = {}): OpenAiChatAgent {
  return new OpenAiChatAgent({
    baseUrl,
    model: 'gpt-4o',
    systemPrompt: 'Be brief.',
    timeoutSeconds: 20,
    apiKey: () => 'none',
    retryDelaysMs: [0, 0],
    ...more,
  })
}

/** What came of the answer, and how it ended. */
async function ask(agent: OpenAiChatAgent, text = 'hello'): Promise<{ text: string; code: string | null }> {
  let answer = ''
  try {
    for await (const part of agent.reply(turnOf({ text }), new AbortController().signal))
      answer += wordsOf(part)
    return { text: answer, code: null }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    return { text: answer, code: error.code }
  }
}

describeRealAgents('aimock, with its faults switched on', (packages) => {
  let models: ModelServer

  beforeEach(async () => {
    // The types of the package are not installed with ours.
    const { LLMock } = packages.require('@copilotkit/aimock') as {
      LLMock: new (options: object) => ModelServer
    }
    models = new LLMock({ port: 0, chunkSize: 5 })
    await models.start()
  })
  afterEach(() => models.stop())

  const agent = (more: Partial<OpenAiChatOptions> = {}) => agentAt(`${models.url}/v1`, more)

  it('answers, knows the conversation and lists its models', async () => {
    models.onMessage(/hello/, { content: ANSWER })
    expect(await ask(agent())).toEqual({ text: ANSWER, code: null })
    expect(models.getRequests()[0]?.body).toMatchObject({ user: 'wa_15550001111', stream: true })
    expect((await agent().models(new AbortController().signal)).length).toBeGreaterThan(0)
  })

  it('is asked again after an error of its own', async () => {
    models.onMessage(/hello/, { content: ANSWER })
    models.nextRequestError(500)
    models.nextRequestError(429, { code: 'rate_limit_exceeded' })
    expect(await ask(agent())).toEqual({ text: ANSWER, code: null })
    expect(models.getRequests()).toHaveLength(3)
  })

  it.each([
    ['500', { dropRate: 1 }, /^server_error$/],
    ['what is no JSON', { malformedRate: 1 }, /^(?:bad_answer|interrupted)$/],
    ['429 and when to come again', { rateLimitRate: 1 }, /^rate_limited$/],
    ['a closed connection', { disconnectRate: 1 }, /^(?:unreachable|interrupted)$/],
  ])('fails by name where it always answers with %s', async (_fault, rates, code) => {
    models.onMessage(/hello/, { content: ANSWER })
    models.setChaos(rates)
    const outcome = await ask(agent())
    expect(outcome.text).toBe('')
    expect(outcome.code).toMatch(code)
    models.clearChaos()
    expect(await ask(agent())).toEqual({ text: ANSWER, code: null })
  })

  it.each([{ truncateAfterChunks: 3 }, { disconnectAfterMs: 40 }])(
    'is known to have been cut off in the middle: %o',
    async (cut) => {
      models.onMessage(/hello/, { content: ANSWER }, { ...cut, latency: 15 })
      const { text, code } = await ask(agent())
      expect(ANSWER.startsWith(text)).toBe(true)
      expect(text).not.toBe(ANSWER)
      expect(code).toBe('interrupted')
    },
  )

  it('never puts a piece of an error into the chat, and answers again once it is well', async () => {
    models.onMessage(/.*/, { content: ANSWER })
    const stack = await Stack.start({
      channel: {
        agents: {
          ada: { connector: 'openai-chat', baseUrl: `${models.url}/v1`, model: 'gpt-4o', timeoutSeconds: 30 },
        },
      },
    })
    onTestFinished(() => stack.stop())
    await stack.link()
    models.setChaos({ dropRate: 0.3, malformedRate: 0.3, disconnectRate: 0.3 })
    const ended = () => stack.published('agent.turnFinished').length
    for (let question = 1; question <= 8; question += 1) {
      await stack.alice.sendText(OWNER, `question ${question}`)
      await stack.until('the end of a turn', () => ended() === question)
    }
    models.clearChaos()
    await stack.alice.sendText(OWNER, 'the last question')
    await stack.until(
      'the answer',
      () => stack.published('agent.turnFinished').at(-1)?.outcome === 'answered' && ended() === 9,
    )
    const answered = stack
      .published('agent.turnFinished')
      .filter(({ outcome }) => outcome === 'answered').length
    const told = () => stack.alice.received.map(({ text }) => text).filter((text) => text !== '')
    await stack.until('the answers', () => told().filter((text) => text === ANSWER).length === answered)
    expect(told().filter((text) => text !== ANSWER && !text.startsWith('Sorry, '))).toEqual([])
  })
})

describeRealAgents('mock-llm', (packages) => {
  /** It cannot be told to take any free port. */
  async function freePort(): Promise<number> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const address = probe.address()
    probe.close()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  async function start(): Promise<string> {
    const port = await freePort()
    const server = fork(packages.require.resolve('@dwmkerr/mock-llm'), {
      cwd: packages.directory,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    onTestFinished(async () => {
      const exited = once(server, 'exit')
      server.kill()
      await exited
    })
    // It ends where nobody reads what it prints.
    await inTime(
      'the start of the server',
      new Promise<void>((resolve) => {
        let said = ''
        server.stdout?.on('data', (text) => {
          said = `${said}${String(text)}`.slice(-1_000)
          if (said.includes('running on')) resolve()
        })
      }),
    )
    return `http://127.0.0.1:${port}`
  }

  async function rules(url: string, rule: Record<string, unknown>): Promise<void> {
    const response = await fetch(`${url}/config`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rules: [rule], streaming: { chunkSize: 4, chunkIntervalMs: 1 } }),
    })
    expect(response.ok).toBe(true)
  }

  it('answers in a stream, lists its models, and its refusals are understood', async () => {
    const url = await start()
    const agent = agentAt(`${url}/v1`)
    expect(await agent.models(new AbortController().signal)).toEqual(['gpt-5.2'])
    // Its own echo makes no JSON of a question with more than one line.
    await rules(url, {
      path: '/v1/chat/completions',
      match: `body.user == 'wa_15550001111' && starts_with(body.messages[-1].content, '[turn T: ')
        && ends_with(body.messages[-1].content, 'what is "this"?')`,
      response: {
        status: 200,
        content: JSON.stringify({
          choices: [{ message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
        }),
      },
    })
    expect(await ask(agent, 'what is "this"?')).toEqual({ text: ANSWER, code: null })
    await rules(url, {
      path: '/v1/chat/completions',
      response: {
        status: 401,
        content: JSON.stringify({
          error: {
            message: 'Incorrect API key provided.',
            type: 'invalid_request_error',
            code: 'invalid_api_key',
          },
        }),
      },
    })
    expect(await ask(agent)).toEqual({ text: '', code: 'unauthorized' })
  })
})

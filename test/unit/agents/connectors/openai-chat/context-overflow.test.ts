// One paste of 36,000 characters on a small model: the next 50 questions failed in silence.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HistoryMessage } from '../../../../../src/agents/agent.ts'
import { OpenAiChatAgent } from '../../../../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { toReportedError } from '../../../../../src/agents/openai/reported-error.ts'
import {
  type ChatRequest,
  type ScriptedAnswer,
  ScriptedChatServer,
} from '../../../../support/scripted-chat-server.ts'
import { OTHERS, OVERFLOWS } from './overflow-errors.ts'
import { turnOf, withoutFacts } from '../../../../support/turn-of.ts'
import { wordsOf } from '../../../../support/words-of.ts'

it.each(OVERFLOWS)('is told apart as %s says it', (_server, status, body) => {
  expect(toReportedError(body, status)).toMatchObject({ code: 'context_overflow', retryable: false })
})

it.each(OTHERS)('is not seen in %s', (_what, status, body, code) => {
  expect(toReportedError(body, status).code).toBe(code)
})

describe('a conversation that is too long', () => {
  const server = new ScriptedChatServer()
  beforeAll(() => server.start())
  afterAll(() => server.stop())

  const at = new Date(0)
  const lengthOf = ({ messages }: ChatRequest): number =>
    messages.reduce((sum, { content }) => sum + withoutFacts(content).length, 0)

  /** Reads at most `limit` characters, and answers with how many came. */
  const smallModel =
    (limit: number, refusal: ScriptedAnswer) =>
    (request: ChatRequest): ScriptedAnswer =>
      lengthOf(request) > limit
        ? refusal
        : {
            body: [
              JSON.stringify({
                choices: [{ message: { content: String(lengthOf(request)) }, finish_reason: 'stop' }],
              }),
            ],
          }
  const refusals: [string, ScriptedAnswer][] = [
    ['with a status', { status: 400, body: [JSON.stringify(OVERFLOWS[0]?.[2])] }],
    ['in a stream', { body: [`data: ${JSON.stringify(OVERFLOWS[9]?.[2])}\n\n`] }],
    ['with a page', { status: 413, headers: { 'content-type': 'text/html' }, body: ['<html>413</html>'] }],
  ]

  async function ask(text: string, history: HistoryMessage[], systemPrompt: string | null): Promise<string> {
    server.requests.length = 0
    const agent = new OpenAiChatAgent({
      baseUrl: server.baseUrl,
      model: 'small',
      systemPrompt,
      timeoutSeconds: 10,
      apiKey: () => null,
    })
    let answer = ''
    for await (const part of agent.reply(turnOf({ text, history }), new AbortController().signal))
      answer += wordsOf(part)
    return answer
  }

  it.each(refusals)('is asked again with less of the history, refused %s', async (_how, refusal) => {
    server.answers = smallModel(8_000, refusal)
    const history: HistoryMessage[] = [
      { from: 'person', text: 'x'.repeat(36_000), at },
      { from: 'assistant', text: 'that was long', at },
      { from: 'person', text: 'what is the newest?', at },
      { from: 'assistant', text: 'this is', at },
    ]
    await ask('and my question?', history, 'Be brief.')
    const { messages } = server.requests.at(-1) ?? { messages: [] }
    expect(messages[0]).toEqual({ role: 'system', content: 'Be brief.' })
    expect(messages.at(-1)?.role).toBe('user')
    expect(withoutFacts(messages.at(-1)?.content ?? '')).toBe('and my question?')
    expect(messages.at(-2)).toEqual({ role: 'assistant', content: 'this is' })
    expect(server.requests.map(lengthOf)).toHaveLength(4)
  })

  it('is asked with both ends of a question that is too long by itself', async () => {
    server.answers = smallModel(10_000, refusals[0]?.[1] ?? {})
    await ask(`What is this? ${'x'.repeat(36_000)} Say it in a word.`, [], null)
    const [asked] = server.requests.at(-1)?.messages ?? []
    expect(withoutFacts(asked?.content ?? '')).toMatch(/^What is this\? x+\n\[…\]\nx+ Say it in a word\.$/)
  })

  it('fails with its own code where nothing helps, after a bounded number of tries', async () => {
    server.answers = smallModel(0, refusals[0]?.[1] ?? {})
    await expect(ask('x'.repeat(70_000), [], 'Be brief.')).rejects.toMatchObject({ code: 'context_overflow' })
    expect(server.requests.length).toBeGreaterThan(2)
    expect(server.requests.length).toBeLessThan(8)
  })

  it('fails at once where nothing can be left out', async () => {
    server.answers = smallModel(0, refusals[0]?.[1] ?? {})
    await expect(ask('hi', [], 'p'.repeat(10_000))).rejects.toMatchObject({ code: 'context_overflow' })
    expect(server.requests).toHaveLength(1)
  })
})

import { expect } from 'vitest'
import { AgentError } from '../../../../../src/agents/agent-error.ts'
import { OpenAiChatAgent } from '../../../../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { ScriptedChatServer } from '../../../../support/scripted-chat-server.ts'
import { turnOf } from '../../../../support/turn-of.ts'
import { wordsOf } from '../../../../support/words-of.ts'

/** Start it before the tests of a file, and stop it behind them. */
export const server = new ScriptedChatServer()

/** What the agent says when it is asked. */
export async function ask(): Promise<string> {
  const agent = new OpenAiChatAgent({
    baseUrl: server.baseUrl,
    model: 'm',
    systemPrompt: null,
    timeoutSeconds: 10,
    apiKey: () => null,
    retryDelaysMs: [0, 0],
  })
  let text = ''
  for await (const part of agent.reply(turnOf(), new AbortController().signal)) text += wordsOf(part)
  return text
}

/** The text, or the code of the failure. */
export async function outcome(): Promise<{ text: string } | { code: string; message: string }> {
  try {
    return { text: await ask() }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    expect(error.message).not.toContain('SECRET')
    expect(error.action).not.toBe('')
    return { code: error.code, message: error.message }
  }
}

/** A stream of events. */
export const sse = (...values: unknown[]): string =>
  values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('')
export const chunk = (delta: unknown, finish: unknown = null): unknown => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
export const completion = (message: unknown, finish: unknown = 'stop'): unknown => ({
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: finish }],
})

import { expect, it } from 'vitest'
import type { AnsweringAgent } from '../../../../src/agents/agent.ts'
import { OpenAiChatAgent } from '../../../../src/agents/connectors/openai-chat/openai-chat-agent.ts'
import { ThoughtHabits } from '../../../../src/conversations/replies/thought-habits.ts'

const ada: AnsweringAgent = new OpenAiChatAgent({
  baseUrl: 'http://127.0.0.1:1/v1',
  model: 'llama3.2',
  systemPrompt: null,
  timeoutSeconds: 1,
  apiKey: () => null,
})

// The thoughts of a model that somebody chose went out as an answer, because the agent's own model has none.
it('are those of each model of an agent', () => {
  const habits = new ThoughtHabits()
  expect([habits.holdsBack(ada, null), habits.holdsBack(ada, 'deepseek-r1')]).toEqual([false, true])
  habits.learn(ada, null, false)
  expect(habits.holdsBack(ada, 'deepseek-r1')).toBe(true)
  habits.learn(ada, 'deepseek-r1', false)
  expect(habits.holdsBack(ada, 'deepseek-r1')).toBe(false)
  habits.learn(ada, null, true)
  habits.learn(ada, null, false)
  expect(habits.holdsBack(ada, null)).toBe(true)
})

it('are forgotten where people choose more models than anybody has', () => {
  const habits = new ThoughtHabits()
  habits.learn(ada, 'first', true)
  for (let model = 0; model < 150; model += 1) habits.learn(ada, `m${model}`, false)
  expect(habits.holdsBack(ada, 'first')).toBe(false)
})

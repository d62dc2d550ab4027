import { expect, it } from 'vitest'
import { responsePrefix } from '../../../../src/conversations/replies/response-prefix.ts'

const agents = {
  ada: { connector: 'openai-chat', name: 'Ada', settings: { model: 'anthropic/claude-opus-4-5-20251101' } },
  local: { connector: 'openai-chat', settings: { model: 'llama3.2-latest' } },
  echo: { connector: 'echo', settings: {} },
}
const prefix = (text: string, agent: string): string =>
  responsePrefix({ responsePrefix: text, tool: 'openclaw', agents }, agent)

it.each([
  ['auto', 'ada', '[Ada] '],
  ['auto', 'local', ''],
  ['[{model}]', 'ada', '[claude-opus-4-5] '],
  ['[{MODEL}]', 'local', '[llama3.2] '],
  ['{provider}/{modelFull}:', 'ada', 'anthropic/anthropic/claude-opus-4-5-20251101: '],
  ['{identity.name} {identityName}', 'ada', 'Ada Ada '],
  ['[{model}|{thinkingLevel}]', 'echo', '[{model}|{thinkingLevel}] '],
  ['{constructor} {toString}', 'ada', '{constructor} {toString} '],
  ['🦞 ', 'ada', '🦞 '],
  ['', 'ada', ''],
])('in an OpenClaw file %j of %s is %j', (text, agent, expected) => {
  expect(prefix(text, agent)).toBe(expected)
})

it.each([undefined, 'milady', 'elizaos'] as const)('in another one it is literal (%s)', (tool) => {
  for (const text of ['auto', '[{model}]'])
    expect(responsePrefix({ responsePrefix: text, tool, agents }, 'ada')).toBe(text)
})

// Who edits the prefix from a dashboard would otherwise read the environment of the daemon in a chat.
it.each([
  ['auto', ''],
  ['[{modelFull}] ', '[{modelFull}] '],
  ['{identity.name} ', '{identity.name} '],
])('%j does not tell the value of a variable', (text, expected) => {
  const written = { 'agents.ada.model': '${MODEL}', 'agents.ada.name': '${NAME}' }
  expect(responsePrefix({ responsePrefix: text, tool: 'openclaw', agents, written }, 'ada')).toBe(expected)
})

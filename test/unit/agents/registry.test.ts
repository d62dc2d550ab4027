import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import type { Agent } from '../../../src/agents/agent.ts'
import { type AgentSurroundings, createAgent } from '../../../src/agents/registry.ts'
import { echoAgent } from '../../../src/agents/connectors/echo/echo.ts'
import { turnOf } from '../../support/turn-of.ts'
import type { AgentConfig } from '../../../src/config/model.ts'
import { SecretReader } from '../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { wordsOf } from '../../support/words-of.ts'

const surroundingsOf = (env: NodeJS.ProcessEnv): AgentSurroundings => ({
  secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
  programs: { account: 'default', environment: env, stateDirectory: '/nonexistent' },
})

async function say(agent: Agent): Promise<string> {
  let text = ''
  for await (const part of agent.reply(turnOf(), new AbortController().signal)) text += wordsOf(part)
  return text
}

/** Answers with the key that it was shown. */
async function chatWith(apiKey?: { env: string }): Promise<AgentConfig> {
  const server = createServer((request, response) => {
    const content = request.headers.authorization ?? 'no key'
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    connector: 'openai-chat',
    settings: { baseUrl: `http://127.0.0.1:${port}/v1`, model: 'any', apiKey, timeoutSeconds: 5 },
  }
}

it('makes the agent that the config names', () => {
  expect(createAgent('parrot', { connector: 'echo', settings: {} }, surroundingsOf({}))).toBe(echoAgent)
})

it('reads the key at every turn, so that a rotated one is used at once', async () => {
  const env: NodeJS.ProcessEnv = { CHAT_KEY: 'first' }
  const agent = createAgent('chat', await chatWith({ env: 'CHAT_KEY' }), surroundingsOf(env))
  expect(await say(agent)).toBe('Bearer first')
  env['CHAT_KEY'] = 'second'
  expect(await say(agent)).toBe('Bearer second')
  delete env['CHAT_KEY']
  await expect(say(agent)).rejects.toMatchObject({
    code: 'misconfigured',
    message: 'the key of agent "chat" cannot be read: check apiKey',
  })
})

it('sends no key where none is configured', async () => {
  expect(await say(createAgent('chat', await chatWith(), surroundingsOf({})))).toBe('no key')
})

it('is the only place that knows which connectors there are', () => {
  const rooms = [
    'accounts',
    'control',
    'conversations',
    'transports',
    'client',
    'web/card',
    'web/page',
    'protocol',
  ]
  for (const room of rooms) {
    const folder = join(import.meta.dirname, '../../../src', room)
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const text = readFileSync(join(folder, file), 'utf8')
      expect([file, text.includes('openai-chat')]).toEqual([file, false])
    }
  }
})

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { WireClient } from '../contract/support/wire-client.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/**
 * A config that refers to variables, and a token that may edit settings but not read the environment: it tries to have the daemon
 * send, show or tell it what only the owner of the file may use.
 */
const ENV = {
  OPENAI_API_KEY: 'sk-topsecret-0123456789abcdef',
  GREETING: 'Greetings-from-the-environment',
  ALICE_NUMBER: ALICE,
  ALICE_NAME: 'Alice-of-the-environment',
}

let stack: Stack
let log = ''
afterEach(() => stack.stop())

/** The content of every file below the directory. */
function contentOf(directory: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile() && path.includes('config.'))
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')
}

it('is used by the daemon alone: no token, event, log line or copy has what a variable expands to', async () => {
  stack = await Stack.start({
    allowFrom: ['${ALICE_NUMBER}'],
    channel: {
      name: '${GREETING}',
      messagePrefix: '${GREETING}: ',
      senders: { [ALICE]: { name: '${ALICE_NAME}' } },
    },
    env: ENV,
    logger: createLogger({
      level: 'trace',
      format: 'json',
      destination: { write: (line) => void (log += line) },
    }),
  })
  await stack.link()
  await stack.alice.sendText(OWNER, 'hello')
  const reply = await stack.until('the reply', () => stack.alice.received[0])
  // The owner's own wish, fulfilled where it is meant to be.
  expect(reply?.text).toMatch(/^Greetings-from-the-environment: /)

  const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
  await client.authenticate(readFileSync(join(stack.stateDir, 'token'), 'utf8').trim())
  const file = stack.readConfig()
  for (const change of [
    { path: 'messagePrefix', value: '${OPENAI_API_KEY}' },
    { path: 'messagePrefix', value: 'x $${OPENAI_API_KEY}' },
    { path: ['senders', '+15555550177', 'name'], value: '${OPENAI_API_KEY}' },
    { path: 'groups', value: { $include: '/etc/passwd' } },
    { path: 'allowFrom', add: ['${OPENAI_API_KEY}'] },
  ]) {
    const { error } = await client.call('config.update', { changes: [change] })
    expect(error?.data.code).toBe('config_invalid')
  }
  for (const method of ['config.addAllowFrom', 'config.setAllowFrom'])
    expect((await client.call(method, { allowFrom: ['${ALICE_NUMBER}'] })).error?.data.code).toBe(
      'config_invalid',
    )
  expect((await client.call('accounts.create', { id: 'b', name: '${GREETING}' })).error?.data.code).toBe(
    'config_invalid',
  )
  expect(stack.readConfig()).toBe(file)

  const { result } = await client.call('config.get', {})
  expect(result).toMatchObject({
    accounts: { default: { name: '${GREETING}', allowFrom: ['${ALICE_NUMBER}'] } },
  })
  await client.call('accounts.list', {})
  // An edit of something else, so that its event and the copy are written.
  await client.call('config.update', { changes: [{ path: 'typing', value: false }] })
  const told = JSON.stringify([
    client.frames,
    stack.published('config.applied'),
    stack.published('account.status'),
  ])
  const named = JSON.stringify([
    ...stack.published('message.received'),
    ...stack.published('message.blocked'),
  ])
  expect(named).toContain('${ALICE_NAME}')
  for (const value of [ENV.OPENAI_API_KEY, ENV.GREETING, ENV.ALICE_NAME]) {
    expect(told).not.toContain(value)
    expect(named).not.toContain(value)
    expect(log).not.toContain(value)
    expect(contentOf(stack.stateDir)).not.toContain(value)
  }
  expect(contentOf(stack.stateDir)).toContain('${GREETING}')

  // Who stands there as a variable can be removed, by that name.
  const removed = await client.call('config.removeAllowFrom', { allowFrom: ['${ALICE_NUMBER}'] })
  expect(removed.result).toMatchObject({ allowFrom: [] })
  client.close()
})

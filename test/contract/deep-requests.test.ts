import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { Stack } from '../support/stack.ts'
import { WireClient } from './support/wire-client.ts'

let stack: Stack
afterEach(() => stack.stop())

// 25,000 lists in each other exhausted the stack: an internal error with its trace in the log, for each such request.
it('a value in thousands of others is refused as a request; brackets in texts count nothing', async () => {
  stack = await Stack.start()
  const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
  await client.authenticate(readFileSync(join(stack.stateDir, 'token'), 'utf8').trim())
  const values = [
    `${'['.repeat(25_000)}${']'.repeat(25_000)}`,
    `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
    `${'['.repeat(33)}${']'.repeat(33)}`,
  ]
  for (const [index, value] of values.entries()) {
    for (const path of ['typing', 'senders', 'allowFrom', 'groups']) {
      const id = `${index} ${path}`
      const change = `{"path":"${path}","value":${value}}`
      client.sendText(
        `{"jsonrpc":"2.0","id":"${id}","method":"config.update","params":{"changes":[${change}]}}`,
      )
      const { error } = await client.frame((frame) => frame.id === id)
      expect(error?.data.code, id).toBe('invalid_request')
    }
  }
  const name = `"\\[{`.repeat(20)
  await client.request('config.update', { changes: [{ path: 'name', value: name }] })
  const { accounts } = (await client.request('accounts.list')) as { accounts: { name: string }[] }
  expect(accounts[0]?.name).toBe(name)
  client.close()
})

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import { ALICE, MALLORY, Stack } from '../support/stack.ts'

const CLIENT = fileURLToPath(new URL('sending_client.py', import.meta.url))

let stack: Stack
afterEach(() => stack.stop())

// Written from docs/sending.md alone: what it needs and does not find there is a gap of the document.
it('a script in Python, on its standard library, sends messages and files and reads what became of them', async () => {
  stack = await Stack.start()
  await stack.link()
  const local = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
  const request = { scopes: ['send'], lifetimeSeconds: 600, subject: 'script' } as const
  const token = await issueOwnToken(local, request, new Date())
  const python = spawn('python3', [CLIENT, stack.url, ALICE, MALLORY], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaints = ''
  python.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  python.stdin.end(`${token}\n`)
  const said: unknown[] = []
  for await (const line of createInterface({ input: python.stdout })) said.push(JSON.parse(line))
  expect(complaints).toBe('')
  expect(said).toEqual([
    { status: 201, state: 'queued', warned: true },
    { status: 200, same: true },
    { status: 409, code: 'client_message_id_reused' },
    { status: 403, code: 'recipient_not_allowed' },
    { status: 400, code: 'invalid_phone_number' },
    { status: 201, size: 10 },
    { status: 201 },
    { state: 'delivered' },
  ])
  expect(stack.alice.received.map(({ text, media }) => [text, media?.name])).toEqual([
    ['Your order is ready.', undefined],
    ['The bill', 'bill.txt'],
  ])
})

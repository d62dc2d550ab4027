import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const CLIENT = fileURLToPath(new URL('minimal_client.py', import.meta.url))

let stack: Stack
afterEach(() => stack.stop())

// Written from docs/protocol.md alone: what it needs and does not find there is a gap of the document.
it('a client in Python, on its standard library, links, reads the status and edits the allowlist', async () => {
  stack = await Stack.start()
  const { hostname, port } = new URL(stack.url)
  const python = spawn('python3', [CLIENT, hostname, port, MALLORY], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaints = ''
  python.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  python.stdin.end(readFileSync(join(stack.stateDir, 'token')))
  const said: Record<string, unknown>[] = []
  for await (const line of createInterface({ input: python.stdout })) {
    const fields = JSON.parse(line) as Record<string, unknown> // the script prints objects only
    said.push(fields)
    if (typeof fields.qr === 'string') await stack.owner.scan(fields.qr)
  }
  expect(complaints).toBe('')
  expect(said).toEqual([
    { state: 'unlinked', reason: expect.any(String) },
    { qr: expect.any(String) },
    { state: 'connected', phoneNumber: OWNER },
    { allowFrom: [ALICE, MALLORY], changed: ['accounts.default.allowFrom'] },
    { refused: 'config_conflict' },
  ])
})

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { SECRET, WebhookWorld } from '../unit/control/webhooks/webhook-world.ts'

const RECEIVER = fileURLToPath(new URL('webhook_receiver.py', import.meta.url))

// Written from docs/webhooks.md alone: what it needs and does not find there is a gap of the document.
it('a receiver in Python, on its standard library, gets a post and checks its signature', async () => {
  const python = spawn('python3', [RECEIVER], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void python.kill())
  python.stdin.end(SECRET)
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]()
  // The script prints objects only.
  const said = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await lines.next()).value as string) as Record<string, unknown>
  const { port } = await said()
  const world = new WebhookWorld([{ url: `http://127.0.0.1:${String(port)}/` }], { firstPauseMs: 5 })
  onTestFinished(() => world.end())
  world.message('+15555550101', 'M1')
  const [first, second] = [await said(), await said()]
  expect(first).toMatchObject({
    genuine: true,
    genuineWhenChanged: false,
    id: expect.stringMatching(/^evt_/),
    posted: { type: 'message.received', data: { messageId: 'M1' } },
  })
  expect(second).toMatchObject({ genuine: true, id: first['id'], posted: first['posted'] })
})

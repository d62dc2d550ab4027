/**
 * The story: a listener of a page threw while the client told it of a state. `connect()` never settled, and the socket stayed open after
 * `close()`.
 */
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { Emitter } from '../../../src/client/emitter.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

/** What is thrown where nobody catches it. */
function uncaught(): unknown[] {
  const thrown: unknown[] = []
  vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((work) => {
    try {
      work()
    } catch (error) {
      thrown.push(error)
    }
  })
  return thrown
}

afterEach(() => vi.restoreAllMocks())

test('a listener that throws keeps the event from no other one, and its error is not lost', () => {
  const thrown = uncaught()
  const emitter = new Emitter<{ said: [string] }>()
  const heard: string[] = []
  emitter.on('said', () => {
    throw new Error('broken')
  })
  emitter.on('said', (word) => heard.push(word))
  emitter.emit('said', 'hello')
  expect(heard).toEqual(['hello'])
  expect(thrown).toEqual([new Error('broken')])
})

test('a client connects and closes, whatever its listeners throw', async () => {
  const thrown = uncaught()
  const daemon = new ScriptedDaemon()
  await daemon.start()
  const client = new WhatsappdClient({ url: daemon.url, token: daemon.token, WebSocket })
  for (const event of ['state', 'snapshot'] as const)
    client.on(event, () => {
      throw new Error(event)
    })
  await client.connect()
  expect(client.state).toBe('ready')
  client.close()
  await expect.poll(() => daemon.connections).toBe(0)
  expect(thrown.map(String)).toEqual(['Error: state', 'Error: state', 'Error: snapshot', 'Error: state'])
  await daemon.stop()
})

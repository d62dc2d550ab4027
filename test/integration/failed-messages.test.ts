import { afterEach, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

it('an account says how many replies failed: as it happens, after a restart, and until somebody sees to them', async () => {
  stack = await Stack.start()
  await stack.link()
  const client = await stack.client()
  const shown = (count: number): Promise<unknown> =>
    stack.untilEvent('account.status', ({ failedMessages }) => failedMessages === count)
  expect(stack.account().failedMessages).toBe(0)

  const refusal = stack.simulator.faults.refuseMessages(463)
  await stack.alice.sendText(OWNER, 'one')
  await stack.untilEvent('message.failed')
  expect(stack.account().failedMessages).toBe(1)
  await stack.alice.sendText(OWNER, 'two')
  await shown(2)
  client.close()
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  expect(stack.account().failedMessages).toBe(2)
  const { stdout } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
  expect(stdout).toContain('2 replies failed; see: whatsappd outbox list --account default')

  refusal.clear()
  const again = await stack.client()
  const { messages } = await again.request('outbox.list', { state: 'failed' })
  const [first = '', second = ''] = messages.map(({ messageId }) => messageId)
  stack.events.length = 0
  await again.request('outbox.discard', { messageId: first })
  await shown(1)
  await again.request('outbox.retry', { messageId: second })
  await shown(0)
  again.close()
})

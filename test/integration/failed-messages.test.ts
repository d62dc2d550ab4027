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

/*
 * A reply that can no longer go fails at the start, before the link is there: the account that told of it took the link for
 * one that nothing is known of, and forgot for what reason it had ended. A copy that had stepped back logged in again.
 */
it('a reply that fails at the start takes nothing from what is known of the link', async () => {
  stack = await Stack.start()
  await stack.link()
  const lost = stack.simulator.faults.loseAcks('swallow')
  await stack.alice.sendText(OWNER, 'hello')
  await expect.poll(() => lost.hits).toBeGreaterThanOrEqual(1)
  await stack.owner.removeCompanion()
  const before = await stack.untilState('logged_out')
  expect(before.reason?.code).toBe('device_removed')
  await stack.stopDaemon()
  stack.writeConfig(['+15550000009'])
  await stack.startDaemon()
  expect(stack.account()).toMatchObject({ state: 'logged_out', reason: { code: 'device_removed' } })
  expect(stack.account().failedMessages).toBe(1)
})

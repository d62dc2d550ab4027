import { afterEach, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const MESSAGES = 400

let stack: Stack
afterEach(() => stack.stop())

// Messages are handled one after the other. The last of a long backlog waited for longer than a message may take, and the
// socket that was working through them was replaced for it, again and again, each time after a longer pause.
it('keeps a connection that works through a long backlog', async () => {
  stack = await Stack.start({ timings: { watch: { tickMs: 50, deafMs: 3_000 } } })
  await stack.link()
  await stack.alice.sendText(OWNER, 'first')
  await stack.alice.waitForText('first')
  await stack.stopDaemon()
  for (let index = 0; index < MESSAGES; index += 1) await stack.alice.sendText(OWNER, `text ${index}`)
  const before = stack.events.length
  await stack.startDaemon()
  const since = (name: string) => stack.events.slice(before).filter((event) => event.name === name)
  await stack.until('all messages', () => since('message.received').length === MESSAGES, 90_000)
  await stack.untilState('connected')
  expect(since('account.status').map(({ payload }) => payload)).not.toContainEqual(
    expect.objectContaining({ state: 'reconnecting' }),
  )
})

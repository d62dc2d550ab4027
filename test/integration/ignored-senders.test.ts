/** Somebody who wrote without being allowed came back into every dashboard with the next page load, however often they were hidden. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

let stack: Stack

beforeEach(async () => {
  stack = await Stack.start({ allowFrom: [ALICE] })
  await stack.link()
})
afterEach(() => stack.stop())

const blocked = async (): Promise<(string | null)[]> => {
  const client = await stack.client()
  const { snapshot } = await client.request('session.subscribe', {})
  client.close()
  return snapshot.blocked.map(({ phoneNumber }) => phoneNumber)
}

it('shows an ignored person in no dashboard, also after a restart, until they may write', async () => {
  await stack.mallory.sendText(OWNER, 'hello')
  await stack.untilEvent('message.blocked')
  expect(await blocked()).toEqual([MALLORY])
  const client = await stack.client()
  const { until } = await client.request('accounts.ignoreSender', { phoneNumber: MALLORY })
  client.close()
  expect(Math.round((Date.parse(until) - Date.now()) / 86_400_000)).toBe(90)
  expect(await blocked()).toEqual([])
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  expect(await blocked()).toEqual([])
  stack.writeConfig([ALICE, MALLORY])
  await stack.untilEvent('config.applied')
  stack.writeConfig([ALICE])
  await stack.until('the second edit', () => stack.published('config.applied').length >= 2)
  expect(await blocked()).toEqual([MALLORY])
})

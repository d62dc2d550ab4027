import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Harness, startHarness } from './support/control-harness.ts'

let harness: Harness
let token = 'the-token-of-this-sandbox-as-it-is-now-1234'
let reads = 0
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
  reads = 0
  harness = await startHarness({
    readLocalToken: () => {
      reads += 1
      return token
    },
  })
})
afterEach(async () => {
  vi.useRealTimers()
  await harness.stop()
})

it('looks after tokens while there is a socket, and not before or after', async () => {
  const untouched = reads
  vi.advanceTimersByTime(60_000)
  expect(reads).toBe(untouched)
  expect(vi.getTimerCount()).toBe(0)

  const client = await harness.ready(token)
  const connected = reads
  vi.advanceTimersByTime(1_000)
  expect(reads).toBeGreaterThan(connected)

  client.close()
  await client.closed
  await expect.poll(() => vi.getTimerCount()).toBe(0)
  const left = reads
  vi.advanceTimersByTime(60_000)
  expect(reads).toBe(left)
})

it('closes a socket whose token is replaced also when others have come and gone before', async () => {
  const first = await harness.ready(token)
  first.close()
  await first.closed
  await expect.poll(() => vi.getTimerCount()).toBe(0)
  const second = await harness.ready(token)
  token = 'the-token-of-this-sandbox-as-it-is-now-5678'
  vi.advanceTimersByTime(1_000)
  expect((await second.closed).code).toBe(4403)
})

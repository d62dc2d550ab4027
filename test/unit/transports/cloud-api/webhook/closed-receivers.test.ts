import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { closedReceivers } from '../../../../../src/transports/cloud-api/webhook/closed-receivers.ts'
import { WebhookNumbers } from '../../../../../src/transports/cloud-api/webhook/webhook-numbers.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

it('what comes while the files of an account are closed must come again; it is counted, and logged once a minute', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) })
  const numbers = new WebhookNumbers({ accounts: () => ['default'], whileClosed: () => null })
  const receiverOf = closedReceivers({ numbers, logger })
  const request = { headers: {}, pathSecret: null, body: Buffer.from('{}') }
  expect(receiverOf('default').refusal(request)?.status).toBe(503)
  receiverOf('default').turnedAway()
  expect(lines).toHaveLength(1)
  vi.setSystemTime(Date.now() + 60_000)
  expect((await receiverOf('default').receive(request)).status).toBe(503)
  receiverOf('default').refusal(request)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { account: 'default', postponed: 1, why: expect.stringContaining('is not open') },
    { account: 'default', postponed: 3 },
  ])
  expect(receiverOf('default').health.postponed).toBe(4)
  expect(receiverOf('other').health.postponed).toBe(0)
})

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const DAY_MS = 24 * 3_600_000

let stack: Stack
let passedMs = 0

beforeEach(async () => {
  passedMs = 0
  const realNow = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + passedMs)
  stack = await Stack.start()
  await stack.link()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stack.stop()
})

/** Alice and the assistant exchange a message, and WhatsApp has acknowledged it. */
const talk = async (text: string): Promise<void> => {
  const sent = stack.published('message.sent').length
  await stack.alice.sendText(OWNER, text)
  await stack.alice.waitForText(text)
  await stack.until('the acknowledgement', () => stack.published('message.sent').length > sent)
}
const untilReason = (code: string | null): Promise<unknown> =>
  stack.until(`reason ${code}`, () => {
    const { state, reason } = stack.account()
    return state === 'connected' && (reason?.code ?? null) === code
  })

it('is told from day ten on, over a restart, until the phone shows itself', async () => {
  await talk('its copy is never confirmed')
  passedMs = 9 * DAY_MS
  await talk('after nine days')
  expect(stack.account().reason).toBeNull()
  passedMs = 10 * DAY_MS + 60_000
  await talk('after ten days')
  await untilReason('phone_away')
  expect(stack.account().reason?.message).toMatch(/fourteen\. \(last seen on \d{4}-\d\d-\d\d\)$/)
  await stack.stopDaemon()
  await stack.startDaemon()
  await untilReason('phone_away')

  // A message typed on the phone.
  await stack.owner.sendText(stack.alice.phoneNumber, 'I am back')
  await untilReason(null)
})

it('is told by the receipt of a copy, too, and only by that of the phone itself', async () => {
  await talk('its copy is never confirmed')
  passedMs = 11 * DAY_MS
  await untilReason('phone_away')
  const [companion] = stack.owner.companions
  const receipt = (from: string): void =>
    companion?.deliver({
      tag: 'receipt',
      attrs: { id: 'COPY', type: 'sender', from, recipient: stack.alice.jid, t: '1' },
    })
  receipt(stack.owner.jid.replace('@', ':7@'))
  receipt(stack.alice.jid)
  await talk('still away')
  expect(stack.account().reason?.code).toBe('phone_away')
  receipt(stack.owner.jid)
  await untilReason(null)
})

it('is never said of an account that had nothing to send', async () => {
  passedMs = 30 * DAY_MS
  await stack.untilEvent('account.status', ({ reason }) => reason?.code === 'woke_up')
  await untilReason(null)
  await talk('a first message')
  expect(stack.account().reason).toBeNull()
})

/** A person who writes to a Business number may be answered freely for a day, and then only by template. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

const HOUR_MS = 3_600_000

let daemon: BusinessDaemon
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true })
  daemon = await BusinessDaemon.start()
})
afterEach(async () => {
  await daemon.stop()
  vi.useRealTimers()
})

const send = (request: object) =>
  daemon.accounts
    .messages('default')
    .send({ to: ALICE, ...request }, { author: 'assistant', by: 'api', mayForce: false })
const window = () => daemon.accounts.conversations('default').get(ALICE).window
const shown = (): string[] => daemon.alice.seen(daemon.number).texts.map(({ text }) => text)
const template = () =>
  daemon.platform.addTemplate(daemon.number, {
    name: 'order_ready',
    language: 'en_US',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Order {{1}} is ready.' }],
  })

describe('the 24 hours', () => {
  it('are over a day later, also over a restart; a template goes, and the person opens them again', async () => {
    template()
    daemon.alice.write(daemon.number, 'hello')
    await daemon.untilSeen(daemon.alice, 'hello')
    const until = Date.parse(window()?.until ?? '')
    expect(window()?.state).toBe('open')
    vi.setSystemTime(until - HOUR_MS)
    await send({ text: 'in time' })
    await daemon.untilSeen(daemon.alice, 'in time')
    await daemon.accounts.messages('default').templates({})
    // What is told of the answers may have moved the end.
    vi.setSystemTime(Date.parse(window()?.until ?? '') + 60_000)
    await daemon.stopDaemon()
    await daemon.startDaemon()
    expect(window()).toMatchObject({ state: 'closed', until: expect.any(String) })
    const calls = daemon.platform.calls.items.length
    await expect(send({ text: 'too late' })).rejects.toMatchObject({
      code: 'window_closed',
      details: { closedAt: window()?.until, templates: expect.any(Array) },
    })
    expect(daemon.platform.calls.items.slice(calls).filter(({ operation }) => operation === 'send')).toEqual(
      [],
    )
    await send({ template: { name: 'order_ready', variables: { 1: '1843' } } })
    await daemon.untilSeen(daemon.alice, 'Order 1843 is ready.')
    expect(window()?.state).toBe('closed')
    daemon.alice.write(daemon.number, 'thank you')
    await daemon.untilSeen(daemon.alice, 'thank you')
    expect(window()?.state).toBe('open')
    expect(shown()).not.toContain('too late')
  })

  it('let nothing out to somebody who never wrote, and open with a call', async () => {
    await expect(send({ text: 'hello' })).rejects.toMatchObject({
      code: 'window_closed',
      details: { closedAt: null },
    })
    daemon.alice.call(daemon.number)
    await daemon.platform.settled()
    await send({ text: 'you called' })
    await daemon.untilSeen(daemon.alice, 'you called')
  })

  it('count as over once Meta says so', async () => {
    daemon.alice.write(daemon.number, 'hello')
    await daemon.untilSeen(daemon.alice, 'hello')
    daemon.platform.faults.strike('send', { kind: 'error', code: 131047 }, { times: 1 })
    await send({ text: 'refused' })
    await daemon.untilEvent('message.failed', ({ code }) => code === 'window_closed')
    expect(window()?.state).toBe('closed')
    await expect(send({ text: 'again' })).rejects.toMatchObject({ code: 'window_closed' })
  })
})

describe('what a Business number sends besides words', () => {
  it('can be tapped, and asks for the number; each message is counted with its price', async () => {
    daemon.alice.write(daemon.number, 'hello')
    await daemon.untilSeen(daemon.alice, 'hello')
    await send({ text: 'Tea?', choices: { buttons: [{ id: 'y', title: 'Yes' }, { title: 'No' }] } })
    await daemon.until('the question', () =>
      daemon.alice.seen(daemon.number).texts.find(({ text }) => text.includes('Tea?')),
    )
    daemon.alice.choose(daemon.number, 'Yes')
    const choice = () =>
      daemon.accounts
        .conversations('default')
        .messages(ALICE, { limit: 20 })
        .messages.flatMap(({ details }) => details)
        .find(({ type }) => type === 'choice')
    expect(await daemon.until('what was tapped', choice)).toMatchObject({ id: 'y', text: 'Yes' })
    await send({ text: 'May we have your number?', requestNumber: true })
    daemon.alice.read(daemon.number)
    await daemon.until(
      'the price',
      () =>
        (daemon.accounts.usage('default').charges(new Date().toISOString().slice(0, 7))?.freeTierUsed ?? 0) >=
        3,
    )
  })

  it('lists its templates, and knows at once that one is paused', async () => {
    const made = template()
    const names = async () =>
      (await daemon.accounts.messages('default').templates({})).map(({ name }) => name)
    expect(await names()).toEqual(['order_ready'])
    made.status = 'PAUSED'
    daemon.platform.notify(daemon.number, 'message_template_status_update', {
      event: 'PAUSED',
      message_template_id: 1,
      message_template_name: 'order_ready',
      message_template_language: 'en_US',
    })
    await daemon.platform.settled()
    await vi.waitUntil(async () => (await names()).length === 0, { timeout: 15_000 })
    await expect(send({ template: { name: 'order_ready', variables: { 1: '7' } } })).rejects.toMatchObject({
      code: 'template_not_found',
    })
  })
})

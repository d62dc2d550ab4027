import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { outboxEntry } from './support/fake-ports.ts'

describe('outbox.*', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  it('lists, retries and discards for whoever may send', async () => {
    const client = await harness.ready('scoped:send')
    expect(await client.request('outbox.list', { state: 'failed', before: 'X', limit: 7 })).toEqual({
      messages: [outboxEntry()],
      more: false,
      queued: 0,
      failed: 1,
      pacedUntil: null,
    })
    expect(await client.request('outbox.retry', { messageId: '3EB0ABCDEF' })).toMatchObject({
      message: { messageId: '3EB0ABCDEF', state: 'queued', failure: null },
    })
    expect(await client.request('outbox.discard', { messageId: '3EB0ABCDEF' })).toEqual({
      messageId: '3EB0ABCDEF',
    })
    expect(harness.accounts.outboxCalls).toEqual([
      { method: 'list', account: 'default', given: { state: 'failed', before: 'X', limit: 7 } },
      { method: 'retry', account: 'default', given: '3EB0ABCDEF' },
      { method: 'discard', account: 'default', given: '3EB0ABCDEF' },
    ])
  })

  it('tells no text to whoever may only read, and writes none to the log', async () => {
    const reader = await harness.ready('scoped:read')
    const refused = await reader.call('outbox.list')
    expect(refused.error?.data).toMatchObject({ code: 'forbidden', details: { scope: 'send' } })
    const sender = await harness.ready('scoped:send')
    await sender.request('outbox.list')
    expect(harness.log()).not.toContain('the answer')
  })

  it.each(['message_not_found', 'message_not_failed', 'recipient_not_allowed', 'message_outdated'] as const)(
    'hands on the refusal %s',
    async (code) => {
      harness.accounts.failure = new DaemonError(code)
      const client = await harness.ready()
      expect((await client.call('outbox.retry', { messageId: 'X' })).error?.data.code).toBe(code)
    },
  )

  it('refuses an account that is not there, and parameters that it does not know', async () => {
    const client = await harness.ready()
    expect((await client.call('outbox.list', { account: 'nobody' })).error?.data.code).toBe(
      'account_not_found',
    )
    expect((await client.call('outbox.retry', {})).error?.data.code).toBe('invalid_params')
    expect((await client.call('outbox.list', { limit: 1_000 })).error?.data.code).toBe('invalid_params')
  })
})

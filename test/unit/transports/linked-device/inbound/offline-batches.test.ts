import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { OfflineBatches } from '../../../../../src/transports/linked-device/inbound/offline-batches.ts'

const ib = (tag: string, count?: string): BinaryNode => ({
  tag: 'ib',
  attrs: { from: 's.whatsapp.net' },
  content: [{ tag, attrs: count === undefined ? {} : { count } }],
})
const waiting = (tag: string): BinaryNode => ({ tag, attrs: { id: 'A', offline: '0' } })

describe('a backlog in batches', () => {
  let requests: number
  let ended: AbortController
  let batches: OfflineBatches

  beforeEach(() => {
    vi.useFakeTimers()
    requests = 0
    ended = new AbortController()
    batches = new OfflineBatches({ request: () => (requests += 1), ended: ended.signal })
  })
  afterEach(() => vi.useRealTimers())

  it('is not asked for where nothing was announced', () => {
    for (let count = 0; count < 300; count += 1) batches.received(waiting('receipt'))
    vi.advanceTimersByTime(60_000)
    expect(requests).toBe(0)
  })

  it('is asked for when the messages of the batch before are dealt with', () => {
    batches.received(ib('offline_preview', '250'))
    for (let count = 0; count < 100; count += 1) batches.received(waiting('message'))
    vi.advanceTimersByTime(60_000)
    expect(requests).toBe(0)
    for (let count = 0; count < 100; count += 1) batches.finished()
    expect(requests).toBe(1)
  })

  it('is asked for where a server with smaller batches falls silent, and only a few times in vain', () => {
    batches.received(ib('offline_preview', '30'))
    for (let count = 0; count < 10; count += 1) batches.received(waiting('notification'))
    vi.advanceTimersByTime(1_000)
    expect(requests).toBe(1)
    vi.advanceTimersByTime(600_000)
    expect(requests).toBe(5)
  })

  it('is over when all of it is here, when the server says so, and when the socket ends', () => {
    batches.received(ib('offline_preview', '1'))
    batches.received(waiting('call'))
    vi.advanceTimersByTime(60_000)
    batches.received(ib('offline_preview', '9'))
    batches.received(ib('offline', '1'))
    vi.advanceTimersByTime(60_000)
    batches.received(ib('offline_preview', 'many'))
    vi.advanceTimersByTime(60_000)
    batches.received(ib('offline_preview', '9'))
    ended.abort()
    vi.advanceTimersByTime(60_000)
    expect(requests).toBe(0)
  })
})

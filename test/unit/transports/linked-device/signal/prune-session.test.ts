import { describe, expect, it } from 'vitest'
import { pruneSession } from '../../../../../src/transports/linked-device/signal/prune-session.ts'

const closed = (counter: number) => ({ chainType: 2, chainKey: { counter }, messageKeys: {} })

describe('pruning a session record', () => {
  it('keeps the newest closed chains, every open one and the sending chain', () => {
    const chains: Record<string, unknown> = { sending: { chainType: 1, chainKey: { counter: 3, key: 'k' } } }
    for (let index = 0; index < 30; index += 1) chains[`closed${index}`] = closed(index)
    chains['open'] = { chainType: 2, chainKey: { counter: 1, key: 'k' } }
    const record = { _sessions: { base: { _chains: chains } }, version: 'v1' }
    pruneSession(record)
    const kept = Object.keys(chains)
    expect(kept).toContain('sending')
    expect(kept).toContain('open')
    expect(kept.filter((key) => key.startsWith('closed'))).toEqual(
      Array.from({ length: 12 }, (_, index) => `closed${index + 18}`),
    )
  })

  it('leaves anything else alone', () => {
    for (const value of [null, undefined, 'text', 7, {}, { _sessions: null }, { _sessions: { a: null } }]) {
      expect(() => pruneSession(value)).not.toThrow()
    }
  })
})

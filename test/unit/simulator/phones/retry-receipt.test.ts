import { describe, expect, it } from 'vitest'
import { retryAttempt, retryReceipt } from '../../../../src/simulator/phones/retry-receipt.ts'
import { SignalIdentity } from '../../../../src/simulator/signal/signal-identity.ts'
import { child, stanza, unsigned } from '../../../../src/simulator/wire/stanza.ts'

describe('retryReceipt', () => {
  const bundle = new SignalIdentity(4711).takeBundle()
  const unread = stanza('message', { id: 'M1', t: '1700000000', from: '1@lid', recipient: '2@lid' }, [
    stanza('enc', { v: '2', type: 'msg' }, Buffer.alloc(8)),
  ])
  const ask = (attempt: number) =>
    retryReceipt(unread, { from: '3@lid', attempt, timestamp: '1700000001', bundle })

  it('only asks the first time', () => {
    const receipt = ask(1)
    expect(receipt.attrs).toEqual({
      from: '3@lid',
      id: 'M1',
      type: 'retry',
      t: '1700000001',
      recipient: '2@lid',
    })
    expect(retryAttempt(receipt)).toBe(1)
    expect(unsigned(child(receipt, 'registration'))).toBe(4711)
    expect(child(receipt, 'keys')).toBeUndefined()
  })

  it('counts on, and brings keys for a new session', () => {
    const receipt = ask(2)
    expect(retryAttempt(receipt)).toBe(2)
    const keys = child(receipt, 'keys')
    expect(child(keys, 'identity')?.content).toEqual(bundle.identityKey)
    expect(unsigned(child(child(keys, 'key'), 'id'))).toBe(bundle.preKey?.id)
  })
})

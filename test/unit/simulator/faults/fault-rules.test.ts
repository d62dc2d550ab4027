import { describe, expect, it } from 'vitest'
import { FaultRules } from '../../../../src/simulator/faults/fault-rules.ts'
import { stanza } from '../../../../src/simulator/wire/stanza.ts'

describe('FaultRules', () => {
  it('strikes so often as told, and counts', () => {
    const rules = new FaultRules<string>()
    const fault = rules.add('twice', { times: 2 })
    expect([rules.strike(), rules.strike(), rules.strike()]).toEqual(['twice', 'twice', undefined])
    expect(fault.hits).toBe(2)
  })

  it('strikes until cleared, one fault or all of them', () => {
    const rules = new FaultRules<string>()
    const first = rules.add('first')
    rules.add('second')
    expect(rules.strike()).toBe('first')
    first.clear()
    expect(rules.strike()).toBe('second')
    rules.clear()
    expect(rules.strike()).toBeUndefined()
  })

  it('spares other accounts and other stanzas', () => {
    const rules = new FaultRules<string>()
    rules.add('mine', { account: '+15550000001', matching: ({ tag }) => tag === 'iq' })
    expect(rules.strike('+15550000002', stanza('iq'))).toBeUndefined()
    expect(rules.strike('+15550000001', stanza('message'))).toBeUndefined()
    expect(rules.strike('+15550000001')).toBeUndefined()
    expect(rules.strike('+15550000001', stanza('iq'))).toBe('mine')
  })
})

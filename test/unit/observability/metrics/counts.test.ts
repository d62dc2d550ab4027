import { describe, expect, it } from 'vitest'
import { AccountCounts, Counts } from '../../../../src/observability/metrics/account-counts.ts'
import { counting } from '../../../../src/observability/metrics/counted-events.ts'
import { shownId } from '../../../../src/observability/metrics/shown-id.ts'
import { Tally } from '../../../../src/observability/metrics/tally.ts'
import type { EventName } from '../../../../src/protocol/events.ts'
import { reason } from '../../../../src/protocol/reasons.ts'
import { accountView } from '../../../contract/support/fake-ports.ts'

describe('a tally', () => {
  it('has a bounded number of labels, whatever is counted', () => {
    const tally = new Tally(['known'])
    for (let index = 0; index < 10_000; index += 1) tally.add(`code ${index}`)
    tally.add('known')
    const entries = tally.entries()
    expect(entries.length).toBeLessThanOrEqual(49)
    expect(entries.reduce((sum, [, count]) => sum + count, 0)).toBe(10_001)
    expect(new Map(entries).get('known')).toBe(1)
    expect(new Map(entries).get('other')).toBeGreaterThan(9_000)
  })
})

describe('the counts of accounts', () => {
  it('go with their account, and those of agents with their agent', () => {
    const counts = new Counts()
    counts.of('kept').agent('ada').answers.observe(1)
    counts.of('kept').agent('bob').answers.observe(1)
    counts.of('gone').duplicates = 7
    counts.keep(new Set(['kept']))
    counts.of('kept').keepAgents(new Set(['ada']))
    expect(counts.of('gone').duplicates).toBe(0)
    expect(counts.of('kept').agent('ada').answers.sum).toBe(1)
    expect(counts.of('kept').agent('bob').answers.sum).toBe(0)
  })

  it('follow the link by what is published, which goes out as it is', () => {
    const counts = new AccountCounts()
    const names: EventName[] = []
    const publish = counting(counts, (name) => void names.push(name))
    const states = [
      accountView({ state: 'connecting', reason: null }),
      accountView({ state: 'connected', reason: null }),
      accountView({ state: 'connected', reason: reason('phone_away') }),
      accountView({ state: 'restricted', reason: null }),
      accountView({ state: 'reconnecting', reason: reason('connection_lost') }),
      accountView({ state: 'connected', reason: null }),
    ]
    for (const view of states) publish('account.status', view)
    publish('message.discarded', { account: 'default', messageId: 'A', conversation: 'B', at: '' })
    expect(counts.openings).toBe(2)
    expect(counts.losses.entries()).toEqual([
      ['none', 0],
      ['connection_lost', 1],
    ])
    expect(names).toEqual([...states.map(() => 'account.status'), 'message.discarded'])
  })
})

describe('an id in a label', () => {
  it.each([
    ['default', 'default'],
    ['support-2026', 'support-2026'],
    ['15551234567', 'account-3'],
    ['alice-1555-123-4567', 'account-3'],
    ['x'.repeat(65), 'account-3'],
  ])('%s is shown as %s', (id, shown) => expect(shownId(id, 'account', 3)).toBe(shown))
})

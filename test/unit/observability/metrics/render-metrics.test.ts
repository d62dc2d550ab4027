import { describe, expect, it } from 'vitest'
import { METRICS } from '../../../../src/observability/metrics/metrics.ts'
import { renderMetrics } from '../../../../src/observability/metrics/render-metrics.ts'
import { accountFacts, metricFacts, NOW } from './facts.ts'

const ALL = Object.values(METRICS).flat()

/** The lines of one metric, without its comments. */
async function linesOf(name: string, facts = metricFacts()): Promise<string[]> {
  const text = await renderMetrics(facts)
  return text.split('\n').filter((line) => new RegExp(`^${name}(?:_bucket|_sum|_count)?[ {]`).test(line))
}

describe('the metrics', () => {
  it('are named as Prometheus advises, each once, and say what they are', async () => {
    const text = await renderMetrics(metricFacts())
    const names = ALL.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, type, help, labels } of ALL) {
      expect(name).toMatch(/^(?:whatsappd|process)_[a-z_]+$/)
      expect(name.endsWith('_total')).toBe(type === 'counter')
      expect(help).not.toMatch(/\.$/)
      expect(text).toContain(`# TYPE ${name} ${type}\n`)
      for (const label of labels) expect(label).toMatch(/^[a-z]+$/)
    }
  })

  it('have exactly the labels that they declare', () => {
    const facts = metricFacts()
    facts.accounts[0]?.counts.failed.add('463')
    facts.agents[0]?.counts.failures.add('timeout')
    for (const { name, labels, read } of ALL) {
      const samples = read(facts)
      expect(samples, name).not.toEqual([])
      for (const sample of samples) expect(Object.keys(sample.labels), name).toEqual(labels)
    }
  })

  it('show the state of an account with its reason', async () => {
    const facts = metricFacts({ accounts: [accountFacts({ state: 'logged_out', reason: 'device_removed' })] })
    expect(await linesOf('whatsappd_account_state', facts)).toEqual([
      'whatsappd_account_state{account="default",transport="linked-device",state="logged_out",reason="device_removed"} 1',
    ])
  })

  it('count times in buckets, each with all that were shorter', async () => {
    const account = accountFacts()
    for (const seconds of [0.0001, 0.003, 5]) account.counts.commits.observe(seconds)
    const lines = await linesOf('whatsappd_commit_seconds', metricFacts({ accounts: [account] }))
    const value = (start: string): string | undefined =>
      lines.find((line) => line.startsWith(start))?.split(' ')[1]
    expect(value('whatsappd_commit_seconds_bucket{account="default",le="0.0005"}')).toBe('1')
    expect(value('whatsappd_commit_seconds_bucket{account="default",le="0.0025"}')).toBe('1')
    expect(value('whatsappd_commit_seconds_bucket{account="default",le="0.005"}')).toBe('2')
    expect(value('whatsappd_commit_seconds_bucket{account="default",le="1"}')).toBe('2')
    expect(value('whatsappd_commit_seconds_bucket{account="default",le="+Inf"}')).toBe('3')
    expect(value('whatsappd_commit_seconds_count')).toBe('3')
    expect(Number(value('whatsappd_commit_seconds_sum'))).toBeCloseTo(5.0031)
  })

  it('show ages by the clock of the scrape, and leave out what is not known', async () => {
    const waiting = { queued: 2, oldestQueuedAt: NOW - 90_000, failed: 1, held: 3, openTurns: 1 }
    const facts = metricFacts({
      accounts: [
        accountFacts({ backlog: waiting }),
        accountFacts({ account: 'closed', backlog: null, lastFrameAt: null, canSend: null }),
      ],
    })
    expect(await linesOf('whatsappd_link_last_stanza_age_seconds', facts)).toEqual([
      'whatsappd_link_last_stanza_age_seconds{account="default"} 1.5',
    ])
    expect(await linesOf('whatsappd_outbox_oldest_age_seconds', facts)).toEqual([
      'whatsappd_outbox_oldest_age_seconds{account="default"} 90',
    ])
    expect(await linesOf('whatsappd_link_can_send', facts)).toEqual([
      'whatsappd_link_can_send{account="default"} 1',
    ])
    expect(await linesOf('whatsappd_outbox_messages', facts)).toEqual([
      'whatsappd_outbox_messages{account="default",state="queued"} 2',
      'whatsappd_outbox_messages{account="default",state="failed"} 1',
    ])
  })

  it('tell turns that an agent has from those that wait', async () => {
    const backlog = { queued: 0, oldestQueuedAt: null, failed: 0, held: 0, openTurns: 5 }
    const facts = metricFacts({ accounts: [accountFacts({ backlog })] })
    const [ada] = facts.agents
    if (ada !== undefined) ada.counts.running = 2
    expect(await linesOf('whatsappd_turns', facts)).toEqual([
      'whatsappd_turns{account="default",state="running"} 2',
      'whatsappd_turns{account="default",state="waiting"} 3',
    ])
  })

  it('quote what a label may hold', async () => {
    const facts = metricFacts({ agents: metricFacts().agents.map((each) => ({ ...each, agent: 'a"b\\c' })) })
    expect(await linesOf('whatsappd_agent_up', facts)).toEqual([
      String.raw`whatsappd_agent_up{account="default",agent="a\"b\\c"} 1`,
    ])
  })
})

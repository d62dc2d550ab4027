/** A run with everything that is usual in it, scraped: what is shown, and what never is; and every query of the shipped dashboard. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METRICS } from '../../../src/observability/metrics/metrics.ts'
import { noPrometheus, Prometheus, promtool } from '../../support/prometheus.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../../support/stack.ts'
import { DEPLOY, hastyRules } from './rules.ts'

const TOKEN = 'bWV0cmljcy10b2tlbi1vZi1hLXRlc3QtNzE5MzgyNDY1'
const ALL = Object.values(METRICS).flat()

interface Panel {
  title: string
  targets?: { expr: string }[]
}

let stack: Stack
beforeAll(async () => {
  stack = await Stack.start({
    channel: {
      // One that is called by a number, as some people do.
      agents: {
        echo: { connector: 'echo' },
        '15550000077': { connector: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1', model: 'm' },
      },
      defaultAgent: 'echo',
    },
    daemon: { auth: { metricsToken: { env: 'METRICS_TOKEN' } } },
    env: { METRICS_TOKEN: TOKEN },
  })
  await stack.link()
  await stack.alice.sendText(OWNER, 'the secret word is xyzzy')
  await stack.alice.waitForText('the secret word is xyzzy')
  await stack.mallory.sendText(OWNER, 'let me in')
  await stack.untilEvent('message.blocked')
  await stack.alice.sendText(OWNER, '/agent 15550000077')
  await stack.untilEvent('message.sent', () => stack.published('message.sent').length >= 2)
  await stack.alice.sendText(OWNER, 'and you?')
  await stack.untilEvent('agent.turnFinished', ({ outcome }) => outcome === 'failed')
})
afterAll(() => stack.stop())

const scrape = async (): Promise<string> => {
  const response = await fetch(`${stack.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(response.status).toBe(200)
  return response.text()
}

/** The value of the series with these labels; `undefined` where there is none. */
async function value(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const lines = (await scrape()).split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line))
  const line = lines.find((each) =>
    Object.entries(labels).every(([label, wanted]) => each.includes(`${label}="${wanted}"`)),
  )
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('/metrics of a running daemon', () => {
  it('has every metric that is documented', async () => {
    const text = await scrape()
    for (const { name } of ALL) expect(text).toMatch(new RegExp(`^${name}(?:_bucket)?[ {]`, 'm'))
  })

  it('counts what happened', async () => {
    expect(await value('whatsappd_account_state', { state: 'connected' })).toBe(1)
    expect(await value('whatsappd_link_openings_total')).toBe(1)
    expect(await value('whatsappd_link_offers_total', { method: 'qr' })).toBe(1)
    expect(await value('whatsappd_messages_received_total', { verdict: 'inboxed' })).toBe(3)
    expect(await value('whatsappd_messages_blocked_total', { reason: 'not_allowed' })).toBe(1)
    expect(await value('whatsappd_messages_sent_total', { outcome: 'acknowledged' })).toBeGreaterThanOrEqual(
      2,
    )
    expect(await value('whatsappd_send_ack_seconds_count')).toBeGreaterThanOrEqual(2)
    expect(await value('whatsappd_turns_total', { outcome: 'answered' })).toBe(1)
    expect(await value('whatsappd_turns_total', { outcome: 'failed' })).toBe(1)
    expect(await value('whatsappd_agent_up', { agent: 'echo' })).toBe(1)
    expect(await value('whatsappd_agent_up', { agent: 'agent-2' })).toBe(0)
    expect(await value('whatsappd_agent_failures_total', { agent: 'agent-2', code: 'unreachable' })).toBe(1)
    expect(await value('whatsappd_commit_seconds_count')).toBeGreaterThan(3)
    expect(await value('whatsappd_link_last_stanza_age_seconds')).toBeLessThan(60)
    expect(await value('whatsappd_disk_available_bytes', { account: 'default' })).toBeGreaterThan(0)
    const client = await stack.client()
    expect(await value('whatsappd_websocket_clients')).toBe(1)
    client.close()
  })

  it('names no person, no number and no word of theirs', async () => {
    const text = await scrape()
    for (const number of [OWNER, ALICE, MALLORY, '15550000077'])
      expect(text).not.toContain(number.replace('+', ''))
    for (const word of ['xyzzy', 'Alice', 'Mallory', TOKEN, '@', stack.directory])
      expect(text).not.toContain(word)
  })

  it('costs an idle daemon no timer', async () => {
    await scrape()
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    for (let round = 0; round < 5; round += 1) await scrape()
    // Of connections that are kept open, at most.
    expect(timers() - before).toBeLessThanOrEqual(2)
  })
})

describe.runIf(noPrometheus === null)('a real Prometheus', () => {
  it('finds no fault with the page', async () => {
    expect(promtool(['check', 'metrics'], await scrape())).toBe('')
  })

  it('answers every query of the dashboard with a series', async () => {
    const { panels } = JSON.parse(readFileSync(join(DEPLOY, 'grafana/whatsappd.json'), 'utf8')) as {
      panels: Panel[]
    }
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
    expect(queries.length).toBeGreaterThan(40)
    const prometheus = await Prometheus.start({
      target: stack.url.replace('http://', ''),
      token: TOKEN,
      rules: hastyRules(),
    })
    try {
      await prometheus.until('a few scrapes', async () => {
        const [counted] = await prometheus.query('count_over_time(up{job="whatsappd"}[1m])')
        return Number(counted?.value[1]) > 3
      })
      const unanswered: string[] = []
      for (const { title, expr } of queries) {
        const query = expr
          .replaceAll('$__rate_interval', '1m')
          .replaceAll(/"\$(?:instance|account)"/g, '".*"')
        expect(query).not.toContain('$')
        if ((await prometheus.query(query)).length === 0) unanswered.push(`${title}: ${query}`)
      }
      expect(unanswered).toEqual([])
    } finally {
      await prometheus.stop()
    }
  })

  it('is shown every metric by the dashboard', () => {
    const dashboard = readFileSync(join(DEPLOY, 'grafana/whatsappd.json'), 'utf8')
    for (const { name } of ALL) expect(dashboard).toContain(name)
  })
})

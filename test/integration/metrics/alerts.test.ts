/** The shipped alert rules in a real Prometheus, over a real daemon that is brought into each state; its waits are shortened alone. */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { METRICS } from '../../../src/observability/metrics/metrics.ts'
import { SmallDisk } from '../../faults/small-disk.ts'
import { noPrometheus, Prometheus, promtool } from '../../support/prometheus.ts'
import { OWNER, Stack, type StackOptions } from '../../support/stack.ts'
import { DEPLOY, hastyRules, readRules } from './rules.ts'

const TOKEN = 'bWV0cmljcy10b2tlbi1vZi1hLXRlc3QtNzE5MzgyNDY1'
const noSmallDisk = SmallDisk.obstacle(join(tmpdir(), `metrics-probe-${process.pid}`))

describe.runIf(noPrometheus === null)('the alert rules', () => {
  it('are valid, and fire when their own tests say', () => {
    const rules = join(DEPLOY, 'prometheus/rules.yml')
    expect(promtool(['check', 'rules', rules])).toContain(`${readRules().length} rules found`)
    expect(promtool(['test', 'rules', join(DEPLOY, 'prometheus/rules.test.yml')])).toContain('SUCCESS')
  })

  it('are found by the shipped config of Prometheus', () => {
    const config = join(DEPLOY, 'prometheus/prometheus.yml')
    expect(promtool(['check', 'config', '--syntax-only', config])).toContain('SUCCESS')
  })
})

describe.runIf(noPrometheus === null)('a real Prometheus', () => {
  let stack: Stack
  let prometheus: Prometheus
  let disk: SmallDisk | null = null

  const watch = async (options: StackOptions = {}): Promise<void> => {
    stack = await Stack.start({
      ...options,
      daemon: { auth: { metricsToken: { env: 'METRICS_TOKEN' } } },
      env: { METRICS_TOKEN: TOKEN },
    })
    await stack.link()
    prometheus = await Prometheus.start({
      target: stack.url.replace('http://', ''),
      token: TOKEN,
      rules: hastyRules(),
    })
    await prometheus.until('the first scrape', async () => {
      const states = await prometheus.query('whatsappd_account_state{state="connected"}')
      return states.length > 0
    })
  }

  afterEach(async () => {
    await prometheus.stop()
    await stack.stop()
    disk?.unmount()
    if (disk !== null) rmSync(disk.directory, { recursive: true, force: true })
    disk = null
  })

  it('says that the phone removed the device, and nothing before', async () => {
    await watch()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    expect(await prometheus.firing()).not.toContain('WhatsappdLoggedOut')
    await stack.owner.removeCompanion()
    const alert = await prometheus.untilFiring('WhatsappdLoggedOut')
    expect(alert.labels).toMatchObject({ account: 'default', reason: 'device_removed', severity: 'critical' })
    expect(alert.annotations['summary']).toMatch(/^Account default is logged out/)
  })

  it('says that a connection is deaf that the daemon still takes for open', async () => {
    const never = 3_600_000
    await watch({
      timings: {
        keepAliveIntervalMs: never,
        watch: { silentMs: never, probeEveryMs: never, deafMs: never, stallMs: never },
      },
    })
    stack.simulator.faults.silence()
    const alert = await prometheus.untilFiring('WhatsappdDeaf')
    expect(alert.labels).toMatchObject({ account: 'default' })
    expect(stack.account().state).toBe('connected')
  })

  it('says that the outbox is stuck', async () => {
    await watch({ timings: { watch: { stallMs: 3_600_000 } } })
    stack.simulator.faults.loseAcks('swallow')
    await stack.alice.sendText(OWNER, 'hello')
    expect((await prometheus.untilFiring('WhatsappdOutboxStuck')).labels).toMatchObject({
      account: 'default',
    })
    expect(stack.alice.received).toEqual([])
  })

  it('says that an agent is down', async () => {
    await watch({
      channel: {
        agents: { ada: { connector: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1', model: 'm' } },
        defaultAgent: 'ada',
      },
    })
    expect(await prometheus.firing()).not.toContain('WhatsappdAgentDown')
    await stack.alice.sendText(OWNER, 'hello')
    expect((await prometheus.untilFiring('WhatsappdAgentDown')).labels).toMatchObject({ agent: 'ada' })
  })

  it.runIf(noSmallDisk === null)('says that the disk is full', async () => {
    const small = new SmallDisk(join(tmpdir(), `metrics-disk-${process.pid}`))
    small.mount()
    disk = small
    await watch({ channel: { authDir: small.directory } })
    expect(await prometheus.firing()).not.toContain('WhatsappdDiskFull')
    small.fill()
    await stack.alice.sendText(OWNER, 'one')
    await stack.untilState('storage_error')
    await prometheus.until('the state', async () => {
      const full = await prometheus.query('ALERTS{alertname="WhatsappdDiskFull",reason="storage_full"}')
      return full.some(({ metric }) => metric['alertstate'] === 'firing')
    })
    expect((await prometheus.untilFiring('WhatsappdDiskFull')).labels).toMatchObject({ account: 'default' })
  })

  it('says that the daemon is down', async () => {
    await watch()
    await stack.stopDaemon()
    expect((await prometheus.untilFiring('WhatsappdDown')).labels).toMatchObject({ job: 'whatsappd' })
  })
})

it('each alert has tests of its own, which show when it fires and when not, and names metrics that there are', () => {
  const tests = readFileSync(join(DEPLOY, 'prometheus/rules.test.yml'), 'utf8')
  const docs = readFileSync(join(DEPLOY, '../docs/operations.md'), 'utf8')
  const names = Object.values(METRICS)
    .flat()
    .flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`] : [name]))
  for (const { alert, expr } of readRules()) {
    expect(tests, alert).toMatch(
      new RegExp(
        `alertname: ${alert}\n      - eval_time: \\w+\n        alertname: ${alert}\n        exp_alerts`,
      ),
    )
    expect(docs, alert).toContain(`| \`${alert}\` |`)
    for (const [used] of expr.matchAll(/whatsappd_\w+/g)) expect(names, alert).toContain(used)
  }
})

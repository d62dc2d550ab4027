import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpFace } from '../../src/simulator/http/http-face.ts'
import { simulatorApi } from '../../src/simulator/http/simulator-api.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { accountView } from './support/fake-ports.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTED_ADDRESS = '127.0.0.1:8765'

/** Every line of the documents that calls the daemon with curl, with the lines that it goes on in. */
function documentedCalls(): string[] {
  const documents = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
  return ['README.md', ...documents].flatMap((name) =>
    readFileSync(join(ROOT, name), 'utf8')
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /(^|[|(]\s*)curl\s/.test(line)),
  )
}

// A documented call ended in 500, because no test made it as it was written.
describe('every call that the documents show', () => {
  let simulator: Simulator
  let harness: Harness
  let home: string

  beforeAll(async () => {
    simulator = new Simulator()
    await simulator.start()
    for (const phoneNumber of ['+15555550100', '+15555550101'])
      simulator.createPhone({ phoneNumber, name: phoneNumber })
    // As in the demo, which the documents call, too.
    const extraRoutes = new Hono()
      .route('/simulator', httpFace(simulator))
      .route('/v1/simulator', simulatorApi(simulator))
    // The answer to a turn is taken, whichever it is for.
    const agents = {
      attach: () => ({ accounts: [] }),
      take: () => null,
      takePosted: () => Promise.resolve(),
      offeredFile: () => null,
      list: () => [],
    }
    harness = await startHarness({ extraRoutes, agents })
    harness.accounts.views = [accountView({ state: 'connected', reason: null })]
    home = join(harness.directory, 'home')
    // The token of a daemon at its usual place, and of a demo in the directory where the calls are made.
    for (const stateDir of ['.local/state/whatsappd', 'demo/state']) {
      mkdirSync(join(home, stateDir), { recursive: true })
      writeFileSync(join(home, stateDir, 'token'), `${LOCAL_TOKEN}\n`, { mode: 0o600 })
    }
  })
  afterAll(async () => {
    await harness.stop()
    await simulator.stop()
  })

  it.each(documentedCalls())('%s', async (call) => {
    expect(call).toContain(DOCUMENTED_ADDRESS)
    const ours = call.replaceAll(DOCUMENTED_ADDRESS, `${harness.host}:${harness.port}`)
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', ours.replace('curl ', 'curl --fail-with-body ')],
      {
        cwd: home,
        env: { PATH: process.env['PATH'], HOME: home, TURN_ID: 'a-turn' },
      },
    )
    expect(Object.keys(JSON.parse(stdout) as object).length).toBeGreaterThan(0)
    expect(harness.log()).not.toContain('failed')
  })

  it('is found at all', () => {
    expect(documentedCalls().length).toBeGreaterThan(2)
  })
})

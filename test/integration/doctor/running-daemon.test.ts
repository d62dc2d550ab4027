/** `whatsappd doctor` beside a daemon: what only the daemon knows, and daemons that do not answer. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type DoctorFinding,
  type DoctorReport,
  doctorReportSchema,
} from '../../../src/protocol/doctor-report.ts'
import { claims, hs256, SECRET } from '../../contract/support/tokens.ts'
import { CommandLine } from '../../support/command-line.ts'
import { ALICE, OWNER, Stack, type StackOptions } from '../../support/stack.ts'
import { freePort } from '../../support/tunnels/free-port.ts'
import { Patient } from './patient.ts'

let stack: Stack
let server: Server | null = null
afterEach(async () => {
  server?.close()
  server?.closeAllConnections()
  server = null
})

async function doctor(stateDir = stack.stateDir, ...options: string[]): Promise<DoctorReport> {
  const { stdout } = await CommandLine.run(['doctor', '--json', ...options], {
    WHATSAPPD_STATE_DIR: stateDir,
  })
  for (const number of [OWNER, ALICE]) expect(stdout).not.toContain(number.slice(1))
  return doctorReportSchema.parse(JSON.parse(stdout))
}

const badIn = ({ findings }: DoctorReport, check: string): DoctorFinding[] =>
  findings.filter((finding) => finding.check === check && finding.level !== 'ok')

interface Fault {
  name: string
  check: string
  level: DoctorFinding['level']
  says: RegExp
  options?: StackOptions
  plant(): unknown
  cure(): unknown
}

let port = 0
const auth = (audience: string): Record<string, unknown> => ({
  auth: { jwtKeys: [{ secret: SECRET }], issuer: 'dashboard', audience, subjects: ['*'] },
})
const comeWithToken = async (): Promise<number> => {
  const token = hs256({ ...claims(), iss: 'dashboard', aud: 'sandbox-1' })
  const { status } = await fetch(`${stack.url}/v1/accounts`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  return status
}
/** A model that answers each question. */
const startModel = async (): Promise<void> => {
  const answer = { choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] }
  server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(request.method === 'GET' ? { data: [{ id: 'gpt' }] } : answer))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
}
const ask = async (ends: 'answered' | 'failed'): Promise<void> => {
  await stack.alice.sendText(OWNER, 'hello')
  await stack.until('the end of the turn', () => stack.account().assistant?.ok === (ends === 'answered'))
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a phone that has removed the device',
    check: 'account.link',
    level: 'problem',
    says: /removed this device.*Link again with a new QR code/,
    plant: async () => {
      await stack.owner.removeCompanion()
      await stack.until('the end of the link', () => stack.account().state !== 'connected')
    },
    cure: () => stack.link(),
  },
  {
    name: 'a setting that waits for a restart',
    check: 'config.restart',
    level: 'warning',
    says: /not in force yet: whatsappd\.noProxy.*Restart the daemon/,
    plant: async () => {
      const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
      config.whatsappd['noProxy'] = ['models.example']
      stack.writeRawConfig(JSON.stringify(config))
      await stack.untilEvent(
        'config.applied',
        ({ needsRestart }) => needsRestart?.includes('whatsappd.noProxy') === true,
      )
    },
    cure: async () => {
      await stack.stopDaemon()
      await stack.startDaemon()
    },
  },
  {
    name: 'a dashboard whose tokens are for another sandbox',
    check: 'control.refusals',
    level: 'warning',
    says: /A token was refused: .*(?:audience|aud)/,
    options: { daemon: auth('sandbox-2') },
    plant: async () => expect(await comeWithToken()).toBe(401),
    cure: async () => {
      const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
      stack.writeRawConfig(
        JSON.stringify({ ...config, whatsappd: { ...config.whatsappd, ...auth('sandbox-1') } }),
      )
      await stack.untilEvent('config.applied')
      expect(await comeWithToken()).toBe(200)
    },
  },
  {
    name: 'an assistant that fails',
    check: 'agent.health',
    level: 'problem',
    says: /./,
    plant: () => ask('failed'),
    cure: async () => {
      await startModel()
      await ask('answered')
    },
  },
  {
    name: 'a daemon of another version',
    check: 'daemon.version',
    level: 'warning',
    says: /The daemon that runs is version 0\.0\.0-test, this command .*Restart the daemon/,
    plant: () => undefined,
    cure: async () => {
      await stack.stopDaemon()
      const daemon = new CommandLine(['run', '--config', stack.configPath], {
        WHATSAPPD_STATE_DIR: stack.stateDir,
      })
      cleanUp.push(() => daemon.end())
      await daemon.waitFor(/is running on/)
    },
  },
]

const cleanUp: (() => unknown)[] = []

describe('beside a running daemon', () => {
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step()
    await stack.stop()
  })

  const start = async (options: StackOptions = {}): Promise<void> => {
    port = await freePort()
    const baseUrl = `http://127.0.0.1:${port}/v1`
    const agents = { ada: { connector: 'openai-chat', baseUrl, model: 'gpt', timeoutSeconds: 20 } }
    stack = await Stack.start({ channel: { agents }, ...options })
    await stack.link()
  }

  it.each(FAULTS)(
    'finds $name by $check, and its cure ends it',
    async ({ check, level, says, plant, ...fault }) => {
      await start(fault.options)
      await plant()
      const bad = badIn(await doctor(), check)
      expect(bad.map((finding) => finding.level)).toEqual([level])
      expect(bad.map(({ message, action }) => `${message} ${action}`).join('\n')).toMatch(says)
      await fault.cure()
      expect(badIn(await doctor(), check)).toEqual([])
    },
  )

  it('disturbs nothing: no connection is lost, no file is there that was not, and the databases stay as they are', async () => {
    await start()
    const files = (): string[] =>
      readdirSync(stack.stateDir, { recursive: true })
        .map(String)
        .toSorted((one, other) => one.localeCompare(other))
    const databases = (): string[] =>
      files()
        .filter((name) => name.endsWith('.db'))
        .map((name) => {
          const path = join(stack.stateDir, name)
          return `${name} ${statSync(path).mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
        })
    const [before, stored] = [files(), databases()]
    const states = stack.published('account.status').length
    const report = await doctor()
    expect(report.findings.filter(({ check }) => check === 'state.lock').map(({ level }) => level)).toEqual([
      'ok',
    ])
    expect(files()).toEqual(before)
    expect(databases()).toEqual(stored)
    expect(stack.published('account.status')).toHaveLength(states)
    // It is still the one that works.
    await startModel()
    await ask('answered')
  })
})

it('says that no daemon runs, and is content when one is started as it says', async () => {
  const patient = new Patient()
  const [found] = await patient.look('daemon.running')
  expect(found).toMatchObject({ level: 'warning', action: expect.stringContaining('whatsappd run') })
  await patient.run()
  expect(await patient.look('daemon.running')).toMatchObject([{ level: 'ok' }])
})

it('finds a daemon that is stopped within its time, and the cure that it names continues it', async () => {
  const patient = new Patient()
  const daemon = await patient.run()
  daemon.signal('SIGSTOP')
  const found = await patient.look('daemon.running')
  expect(found).toMatchObject([
    { level: 'problem', message: expect.stringContaining('did not answer within') },
  ])
  patient.follow(found[0]?.action ?? null, /kill -CONT \d+/)
  expect(await patient.look('daemon.running')).toMatchObject([{ level: 'ok' }])
})

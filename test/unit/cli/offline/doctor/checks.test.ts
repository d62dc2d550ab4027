import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { SecretReader } from '../../../../../src/config/secrets/secret-reader.ts'
import { CHECKS, runChecks } from '../../../../../src/cli/offline/doctor/checks.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { accountView } from '../../../../contract/support/fake-ports.ts'
import { authConfig } from '../../../../contract/support/tokens.ts'
import type { DoctorFacts } from '../../../../../src/cli/offline/doctor/doctor-facts.ts'
import { TranscriptionServer } from '../../../../support/transcription-server.ts'
import { DoctorPlace } from '../../../../support/doctor-place.ts'

const ALLOWED = '+15555550123'

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A port on which something listens. */
function takenPort(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  return portOf(server)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  const port = await portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

it('has ids of its own for its checks, and says of each what it looks at', () => {
  const ids = CHECKS.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { id, looksAt } of CHECKS)
    expect([id, looksAt]).toEqual([
      expect.stringMatching(/^[a-z]+\.[a-z]+$/),
      expect.stringMatching(/^\S.{10,}[^.]$/),
    ])
})

it('finds nothing wrong with a daemon that could be started, and changes nothing', async () => {
  const place = new DoctorPlace()
  place.config({ allowFrom: [ALLOWED], agents: { ada: { connector: 'command', program: 'cat' } } })
  const found = await place.lookAtAll()
  expect(found.filter(({ level }) => level === 'problem')).toEqual([])
  expect(found.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'node.version',
      'state.directory',
      'config.file',
      'account.allowlist',
      'agent.program',
    ]),
  )
  expect(readdirSync(place.directory).toSorted()).toEqual(['sandbox.config.json5', 'state'])
  expect(readdirSync(place.stateDirectory)).toEqual([])
  expect(JSON.stringify(found)).not.toContain('5555550123')
})

it('names each place of a file that cannot be used, and looks at the rest all the same', async () => {
  const place = new DoctorPlace()
  place.write('{ channels: { whatsapp: { allowFrom: ["+15555550123"], agents: 3, dmPolicy: "wild" } } }')
  const found = await place.look('config.file')
  expect(found.map(({ level }) => level)).toEqual(['problem', 'problem'])
  expect(found.map(({ message }) => message).join()).toMatch(/agents.*line 1.*dmPolicy/)
  expect(await place.look('state.directory')).toMatchObject([{ level: 'ok' }])
  // Torn off in the middle.
  place.write('{ channels: ')
  expect(await place.look('config.file')).toMatchObject([
    { level: 'problem', message: expect.stringContaining('line 1') },
  ])
})

it('says that there is no config file, and that one cannot be read', async () => {
  const place = new DoctorPlace()
  expect(await place.look('config.file')).toMatchObject([
    { level: 'problem', message: expect.stringContaining('nobody is allowed') },
  ])
  mkdirSync(place.configPath)
  expect(await place.look('config.file')).toMatchObject([
    { level: 'problem', message: expect.stringContaining('is not a file') },
  ])
})

it('warns of a config file that others can change', async () => {
  const place = new DoctorPlace()
  place.config({ allowFrom: [ALLOWED] })
  expect(await place.look('config.writers')).toMatchObject([{ level: 'ok' }])
  chmodSync(place.configPath, 0o666)
  expect(await place.look('config.writers')).toMatchObject([
    { level: 'problem', action: `chmod o-w '${place.configPath}'` },
  ])
})

it('warns of an included file that others can change', async () => {
  const place = new DoctorPlace()
  const included = join(place.directory, 'people.json5')
  writeFileSync(included, JSON.stringify([ALLOWED]), { mode: 0o600 })
  place.config({ allowFrom: { $include: './people.json5' }, agents: { $include: './gone.json5' } })
  expect(await place.look('config.writers')).toMatchObject([{ level: 'ok' }])
  chmodSync(included, 0o666)
  expect(await place.look('config.writers')).toMatchObject([
    { level: 'problem', action: `chmod o-w '${included}'` },
  ])
})

it('says what to do in each state of a link that has no reason', async () => {
  const states = ['awaiting_scan', 'passkey_required', 'connecting'] as const
  const accounts = states.map((state) => accountView({ state, reason: null }))
  // The check looks at nothing else.
  const facts = { daemon: { state: 'running', accounts } } as unknown as DoctorFacts
  const check = CHECKS.filter(({ id }) => id === 'account.link')
  const found = await runChecks(facts, new AbortController().signal, check)
  expect(found.map(({ action }) => action)).toEqual([
    'Scan it, switch to a code, or cancel.',
    'Sign in a browser and follow the steps (docs/passkey.md), or link anew.',
    'Wait, or reconnect now.',
  ])
})

it('says of a variable that is missing here alone that the daemon may have it, also of the token for metrics', async () => {
  const env = { KEY: 'c2lnbmluZy1rZXktb2YtYS10ZXN0LTcxOTM4MjQ2NTAx' }
  const auth = authConfig([{ id: null, secret: { env: 'KEY' } }], { metricsToken: { env: 'METRICS_TOKEN' } })
  const secrets = new SecretReader({ env, logger: createLogger({ level: 'silent' }) })
  const check = CHECKS.filter(({ id }) => id === 'control.keys')
  const look = (state: string): Promise<unknown> => {
    // The check looks at nothing else.
    const facts = { config: { daemon: { auth } }, secrets, daemon: { state } } as unknown as DoctorFacts
    return runChecks(facts, new AbortController().signal, check)
  }
  const message = expect.stringContaining('whatsappd.auth.metricsToken')
  expect(await look('running')).toMatchObject([{ level: 'warning', message }])
  expect(await look('not_running')).toMatchObject([{ level: 'problem', message }])
})

it('says what a start would make of a state directory that is open to others, or refuse', async () => {
  const place = new DoctorPlace()
  place.config({ allowFrom: [ALLOWED] })
  chmodSync(place.stateDirectory, 0o755)
  expect(await place.look('state.directory')).toMatchObject([{ level: 'warning' }])
  writeFileSync(join(place.stateDirectory, 'holiday.jpg'), '')
  expect(await place.look('state.directory')).toMatchObject([
    { level: 'problem', action: expect.stringContaining('chmod 700') },
  ])
})

it('finds out that nobody may write, and that an account is paused', async () => {
  const place = new DoctorPlace()
  place.config({ allowFrom: [] })
  expect(await place.look('account.allowlist')).toMatchObject([
    {
      level: 'problem',
      subject: 'account default',
      action: expect.stringContaining('channels.whatsapp.allowFrom'),
    },
  ])
  place.config({ allowFrom: [ALLOWED], enabled: false })
  expect(await place.look('account.allowlist')).toMatchObject([{ level: 'warning' }])
})

it('looks at the agents of each account: the program, the keys, and whether one is an assistant at all', async () => {
  const place = new DoctorPlace()
  place.env['GIVEN'] = 'hunter2'
  const open = join(place.directory, 'open.sh')
  writeFileSync(open, '#!/bin/sh\n')
  chmodSync(open, 0o777)
  place.config({
    allowFrom: [ALLOWED],
    agents: {
      gone: { connector: 'command', program: '/nowhere/bot' },
      open: { connector: 'acp', program: open },
      good: { connector: 'command', program: 'cat', environment: { A_KEY: { env: 'GIVEN' } } },
      chat: { connector: 'command', program: 'cat', environment: { A_KEY: { env: 'MISSING' } } },
    },
  })
  const programs = await place.look('agent.program')
  expect(programs.map(({ level, subject }) => [level, subject])).toEqual([
    ['problem', 'agent gone of account default'],
    ['problem', 'agent open of account default'],
    ['ok', 'agent good of account default'],
    ['ok', 'agent chat of account default'],
  ])
  expect(programs[1]?.action).toContain(`chmod o-w '${open}'`)
  expect(await place.look('agent.keys')).toMatchObject([
    { level: 'ok' },
    { level: 'problem', message: expect.stringContaining('environment.A_KEY') },
  ])
  expect(await place.look('agent.assistant')).toEqual([])
  expect(JSON.stringify(await place.lookAtAll())).not.toContain('hunter2')
  place.config({ allowFrom: [ALLOWED] })
  expect(await place.look('agent.assistant')).toMatchObject([{ level: 'warning' }])
})

it('asks the server of a model for its list, and a webhook whether anything answers', async () => {
  const place = new DoctorPlace()
  const asked: string[] = []
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    if (request.headers.authorization === 'Bearer wrong') response.statusCode = 401
    else if (request.url === '/old/models') response.statusCode = 404
    response.end(JSON.stringify({ data: [{ id: 'llama3.2:latest' }] }))
  })
  const port = await portOf(server.listen(0, '127.0.0.1'))
  onTestFinished(() => void server.close())
  const chat = (path: string, model: string, apiKey = 'right'): object => ({
    connector: 'openai-chat',
    baseUrl: `http://127.0.0.1:${port}/${path}`,
    model,
    apiKey,
  })
  const nobody = `http://127.0.0.1:${await freePort()}`
  place.config({
    allowFrom: [ALLOWED],
    agents: {
      listed: chat('v1', 'llama3.2'),
      unlisted: chat('v1', 'gpt'),
      old: chat('old', 'gpt'),
      locked: chat('v1', 'gpt', 'wrong'),
      gone: { ...chat('v1', 'gpt'), baseUrl: `${nobody}/v1` },
      hook: { connector: 'webhook', url: `http://127.0.0.1:${port}/hook` },
      nohook: { connector: 'webhook', url: `${nobody}/hook`, secret: 'weak' },
      attached: { connector: 'websocket' },
    },
  })
  const levels = (await place.look('agent.server')).map(({ subject, level }) => [
    subject?.split(' ')[1],
    level,
  ])
  expect(Object.fromEntries(levels)).toEqual({
    listed: 'ok',
    unlisted: 'warning',
    old: 'warning',
    locked: 'problem',
    gone: 'problem',
    hook: 'ok',
    nohook: 'problem',
  })
  expect(asked.toSorted((one, other) => one.localeCompare(other))).toEqual([
    'GET /old/models Bearer right',
    'GET /v1/models Bearer right',
    'GET /v1/models Bearer right',
    'GET /v1/models Bearer wrong',
    'OPTIONS /hook ',
  ])
  expect((await place.look('agent.secret')).map(({ level }) => level)).toEqual(['ok', 'problem'])
  expect(await place.look('agent.connector')).toEqual([])
})

it('says whether the proxy answers, and never its password', async () => {
  const place = new DoctorPlace()
  place.env['PROXY_URL'] = `http://ann:hunter2@127.0.0.1:${await takenPort()}`
  place.config({ allowFrom: [ALLOWED] }, { proxy: { env: 'PROXY_URL' } })
  expect(await place.look('network.proxy')).toMatchObject([{ level: 'ok' }])
  place.env['PROXY_URL'] = `socks5://ann:hunter2@127.0.0.1:${await freePort()}`
  const [silent] = await place.look('network.proxy')
  expect(silent).toMatchObject({ level: 'problem', message: expect.stringContaining('ECONNREFUSED') })
  expect(JSON.stringify(silent)).not.toContain('hunter2')
  place.env['PROXY_URL'] = 'not a proxy'
  expect(await place.look('network.proxy')).toMatchObject([{ level: 'problem' }])
})

it('says that another program has the port', async () => {
  const place = new DoctorPlace()
  const port = await takenPort()
  place.config({ allowFrom: [ALLOWED] }, { listen: { port } })
  expect(await place.look('daemon.port')).toMatchObject([
    { level: 'problem', message: expect.stringContaining(String(port)) },
  ])
  place.config({ allowFrom: [ALLOWED] }, { listen: { port: await freePort() } })
  expect(await place.look('daemon.port')).toMatchObject([{ level: 'ok' }])
})

it('takes a check that fails itself for a finding', async () => {
  // The check looks at nothing of it.
  const facts = {} as DoctorFacts
  const failing = {
    id: 'test.fails',
    looksAt: 'nothing at all',
    look: () => {
      throw new Error('no such device, +15555550123')
    },
  }
  const [finding] = await runChecks(facts, new AbortController().signal, [failing])
  expect(finding).toMatchObject({ check: 'test.fails', level: 'problem' })
  expect(finding?.message).not.toContain('5555550123')
})

it('stands in the documents with everything that it looks at', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/doctor.md'), 'utf8')
  for (const { id, looksAt } of CHECKS) expect(page).toContain(`| \`${id}\` | ${looksAt} |`)
})

it('asks the server that writes down voice messages for its models, and says whether ffmpeg is there', async () => {
  const speech = await TranscriptionServer.start()
  onTestFinished(() => speech.stop())
  const place = new DoctorPlace()
  const transcription = { baseUrl: speech.baseUrl, model: 'whisper-1' }
  place.config({ allowFrom: [ALLOWED], transcription })
  expect(await place.look('voice.transcription')).toMatchObject([{ level: 'ok' }])
  place.config({ allowFrom: [ALLOWED], transcription: { ...transcription, model: 'whisper-9' } })
  expect(await place.look('voice.transcription')).toMatchObject([
    {
      level: 'warning',
      action: expect.stringContaining('channels.whatsapp.transcription.model ("whisper-9")'),
    },
  ])
  await speech.stop()
  expect(await place.look('voice.transcription')).toMatchObject([
    { level: 'problem', action: expect.stringContaining('channels.whatsapp.transcription.baseUrl') },
  ])
  expect(speech.asked).toEqual([])
  expect(await place.look('voice.ffmpeg')).toHaveLength(1)
})

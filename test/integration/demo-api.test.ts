import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { AccountState } from '../../src/protocol/account/account-states.ts'
import type { EventPayload } from '../../src/protocol/events.ts'
import { CommandLine } from '../support/command-line.ts'
import { inTime } from '../support/in-time.ts'

const REPOSITORY = join(import.meta.dirname, '../..')
const EXAMPLE = join(REPOSITORY, 'docs/examples/testing/link-and-answer.ts')
/** Allowed by the example config, which the demo begins with. */
const ALICE = '+15555550101'
const OWNER = '+15555550100'

interface Arrived {
  messages: { id: string; text: string; from: string }[]
}

describe('whatsappd demo --api', () => {
  let directory: string
  let demo: CommandLine
  let origin = ''
  let token = ''
  let client: WhatsappdClient | null = null

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'demo-')), 'kept')
  })
  afterEach(async () => {
    client?.close()
    await demo.end()
    rmSync(join(directory, '..'), { recursive: true, force: true })
  })

  async function start(...options: string[]): Promise<void> {
    demo = new CommandLine(['demo', '--api', '--port', '0', '--state-dir', directory, ...options])
    const [, at = ''] = await demo.waitFor(/api {5}(http:\/\/\S+)\/v1\/simulator/)
    origin = at
    token = readFileSync(join(directory, 'state/token'), 'utf8').trim()
  }

  const call = (method: string, path: string, body?: unknown, bearer = token): Promise<Response> =>
    fetch(`${origin}/v1/simulator${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const arrivedAt = async (number: string, query: string): Promise<Arrived> =>
    (await (await call('GET', `/phones/${number}/messages?${query}`)).json()) as Arrived // what the route returns

  async function connect(): Promise<WhatsappdClient> {
    client?.close()
    client = new WhatsappdClient({ url: `${origin.replace('http', 'ws')}/v1/ws`, token, WebSocket })
    await client.connect({ timeoutMs: 10_000 })
    return client
  }

  /** The first status from now on that fits; rejects with what came in the place of it. */
  async function nextStatus(
    what: string,
    fits: (status: EventPayload<'account.status'>) => boolean,
  ): Promise<void> {
    const others: string[] = []
    const told = new Promise<void>((resolve) => {
      client?.on('account.status', (status) => {
        others.push(`${status.state} (${status.reason?.code ?? 'no reason'})`)
        if (fits(status)) resolve()
      })
      client?.on('message.failed', ({ code }) => void others.push(`a message failed: ${code}`))
      client?.on('message.sent', () => void others.push('a message was sent'))
    })
    await inTime(what, told).catch((error: unknown) => {
      throw new Error(`${String(error)}; came: ${others.join(', ')}`, { cause: error })
    })
  }

  async function untilState(wanted: AccountState): Promise<void> {
    const connected = await connect()
    const states = async (): Promise<AccountState[]> =>
      (await connected.request('accounts.list', {})).accounts.map(({ state }) => state)
    await expect.poll(states).toContain(wanted)
  }

  async function link(): Promise<void> {
    const offer = await (await connect()).request('accounts.link', { method: 'qr' })
    if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
    expect((await call('POST', `/phones/${OWNER}/scan`, { qr: offer.qr })).status).toBe(200)
    await untilState('connected')
  }

  it('lets a program do what the example does', async () => {
    await start()
    const line = ['--import', 'tsx', EXAMPLE, origin, token]
    const { stdout } = await promisify(execFile)(process.execPath, line, { cwd: REPOSITORY })
    expect(stdout).toMatch(/^answered: \S/)
  })

  it('answers only a token that may link, and names what is wrong with a request', async () => {
    await start()
    expect((await call('GET', '/state', undefined, 'wrong')).status).toBe(401)
    expect((await fetch(`${origin}/v1/simulator/state`)).status).toBe(401)
    const { stdout } = await CommandLine.run([
      'token',
      '--scope',
      'read',
      '--state-dir',
      join(directory, 'state'),
    ])
    const refused = await call(
      'POST',
      '/phones',
      { phoneNumber: '+15555550177', name: 'Nina' },
      stdout.trim(),
    )
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('scope link')
    expect((await call('POST', '/faults', { kind: 'earthquake' })).status).toBe(400)
    expect((await call('GET', '/phones/15555550199/messages')).status).toBe(404)
  })

  it('shows what arrived, tells that it was read, and lets things go wrong', async () => {
    await start()
    await link()
    await call('POST', `/phones/${ALICE}/messages`, { to: OWNER, text: 'one' })
    const [first] = (await arrivedAt(ALICE, 'waitSeconds=20')).messages
    expect(first).toMatchObject({ from: OWNER, text: expect.stringContaining('one') })
    expect((await call('POST', `/phones/${ALICE}/read`, { id: first?.id })).status).toBe(204)

    await call('POST', '/faults', { kind: 'refuseMessages', error: 479, times: 1 })
    const failed = new Promise<string>((resolve) => client?.on('message.failed', ({ code }) => resolve(code)))
    await call('POST', `/phones/${ALICE}/messages`, { to: OWNER, text: 'two' })
    expect(await inTime('message.failed', failed)).toBe('stanza_invalid')
    expect((await arrivedAt(ALICE, `after=${first?.id}`)).messages).toEqual([])

    const dropped = (await (await call('POST', '/faults', { kind: 'drop' })).json()) as {
      connections: number
    }
    expect(dropped.connections).toBe(1)
    await call('POST', `/phones/${ALICE}/messages`, { to: OWNER, text: 'three' })
    const later = await arrivedAt(ALICE, `after=${first?.id}&with=${OWNER}&waitSeconds=30`)
    expect(later.messages.map(({ text }) => text).join()).toContain('three')
  })

  it('lets WhatsApp decide otherwise about single accounts, until everything works again', async () => {
    await start()
    await link()
    const [mine, theirs] = [OWNER, ALICE]
    const write = (text: string) => call('POST', `/phones/${theirs}/messages`, { to: mine, text })
    await call('POST', '/faults', { kind: 'lidMigration', account: mine, migration: 'unmigrated' })
    await write('one')
    const [first] = (await arrivedAt(theirs, 'waitSeconds=20')).messages
    expect(first?.text).toContain('one')
    await call('POST', '/faults', { kind: 'lockReachout', account: mine })
    await call('POST', '/faults', { kind: 'firstContact', account: theirs, from: 'closed' })
    expect((await call('DELETE', '/faults')).status).toBe(204)
    await write('two')
    const later = await arrivedAt(theirs, `after=${first?.id}&waitSeconds=20`)
    expect(later.messages.map(({ text }) => text).join()).toContain('two')

    // A message to the former LID is acknowledged with the notice that it is out of date.
    const changed = nextStatus('person_changed', ({ reason }) => reason?.code === 'person_changed')
    expect((await call('POST', '/faults', { kind: 'renewLid', account: theirs })).status).toBe(200)
    await client?.request('messages.send', { to: theirs, text: 'Are you still the same?' })
    await changed

    const outdated = nextStatus('outdated', ({ state }) => state === 'outdated')
    await call('POST', '/faults', { kind: 'minimumRevision', revision: 9_999_999_999 })
    await call('POST', '/faults', { kind: 'drop' })
    await outdated
    expect((await call('POST', '/faults', { kind: 'renewLid', account: '+15555550199' })).status).toBe(404)
    expect((await call('POST', '/faults', { kind: 'renewLid' })).status).toBe(400)
  })

  it('continues where it was after a kill', async () => {
    await start()
    await link()
    await call('POST', '/phones', { phoneNumber: '+15555550177', name: 'Nina' })
    await (await connect()).request('config.addAllowFrom', { allowFrom: ['+15555550177'] })
    const isSaved = (): boolean => {
      const text = readFileSync(join(directory, 'simulator.json'), 'utf8')
      return text.includes('+15555550177') && text.includes('"deviceId"')
    }
    await expect.poll(isSaved).toBe(true)
    demo.signal('SIGKILL')
    await demo.exit
    await start()
    await untilState('connected')
    await call('POST', '/phones/15555550177/messages', { to: OWNER, text: 'still there?' })
    const [answer] = (await arrivedAt('15555550177', 'waitSeconds=20')).messages
    expect(answer?.text).toContain('still there?')
  })

  it('shares its directory with no second demo, and writes over no config that is not its own', async () => {
    await start()
    const config = join(directory, 'sandbox.config.json5')
    const text = readFileSync(config, 'utf8')
    const second = await CommandLine.run(['demo', '--port', '0', '--state-dir', directory])
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by another demo') })
    expect(readFileSync(config, 'utf8')).toBe(text)
    await demo.end()
    rmSync(join(directory, 'simulator.json'))
    const third = await CommandLine.run(['demo', '--port', '0', '--state-dir', directory])
    expect(third).toMatchObject({ code: 1, stderr: expect.stringContaining('a config that no demo wrote') })
    expect(readFileSync(config, 'utf8')).toBe(text)
  })

  it('lets codes expire while a test waits', async () => {
    await start('--qr-seconds', '0.2')
    const connected = await connect()
    const expired = nextStatus('link_expired', ({ reason }) => reason?.code === 'link_expired')
    await connected.request('accounts.link', { method: 'qr' })
    await expired
  })
})

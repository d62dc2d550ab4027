import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'

interface SimulatorState {
  phones: { phoneNumber: string; name: string; chats: { messages: { direction: 'in' | 'out' }[] }[] }[]
}

const shown = async ({ origin }: URL): Promise<SimulatorState> =>
  // The simulator's own state.
  (await (await fetch(`${origin}/simulator/state`)).json()) as SimulatorState

describe('whatsappd demo', () => {
  let command: CommandLine | undefined
  afterEach(() => command?.end())

  const begin = async (...arguments_: string[]) => {
    command = new CommandLine(['demo', '--port', '0', ...arguments_])
    const [, link = ''] = await command.waitFor(/page {4}(\S+)/)
    const [, configPath = ''] = await command.waitFor(/config {2}(\S+)/)
    return { running: command, link: new URL(link), configPath }
  }

  it('serves the page and the phones without a terminal, on a copy of the example config', async () => {
    const { running, link, configPath } = await begin()
    expect(link.hash).toMatch(/^#code=.+/)
    const page = await (await fetch(link.origin)).text()
    expect(page).toContain('<simulated-phone>')
    const state = (await (await fetch(`${link.origin}/simulator/state`)).json()) as SimulatorState
    expect(state.phones.map(({ name }) => name)).toEqual(['Owner', 'Alice', 'Mallory'])
    const config = readFileSync(configPath, 'utf8')
    expect(config).toMatch(/^ {6}webSocketUrl: 'ws:\/\/127\.0\.0\.1:\d+/m)
    for (const { phoneNumber, name } of state.phones) {
      expect(running.stdout).toContain(phoneNumber)
      expect(config.includes(phoneNumber)).toBe(name !== 'Mallory')
    }
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0 and removes everything', async (signal) => {
    const { running, configPath } = await begin()
    expect(existsSync(configPath)).toBe(true)
    running.signal(signal)
    expect(await running.exit).toBe(0)
    expect(existsSync(dirname(configPath))).toBe(false)
    expect(running.stderr).not.toMatch(/^\s+at /m)
  })

  it('has a Business number with --business, whose window closes when a day passes', async () => {
    const { link, configPath } = await begin('--business')
    const post = (path: string, body: object, token = ''): Promise<Response> =>
      fetch(`${link.origin}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      })
    const [business, alice] = (await shown(link)).phones
    const to = business?.phoneNumber
    await post(`/simulator/phones/${encodeURIComponent(alice?.phoneNumber ?? '')}/messages`, {
      to,
      text: 'hello',
    })
    await expect
      .poll(async () => (await shown(link)).phones[1]?.chats[0]?.messages.map(({ direction }) => direction))
      .toEqual(['out', 'in'])
    const token = readFileSync(join(dirname(configPath), 'state/token'), 'utf8').trim()
    const send = async () =>
      (await post('/v1/accounts/default/messages', { to: alice?.phoneNumber, text: 'still there?' }, token))
        .status
    expect(await send()).toBe(201)
    expect((await post('/simulator/business/leap', { hours: 24 })).status).toBe(204)
    expect(await send()).toBe(409)
    expect(readFileSync(configPath, 'utf8')).not.toMatch(/EAA/)
  })

  it('starts from a config of the user, which stays as it is', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-own-'))
    const own = join(directory, 'own.json5')
    const text = "{ /* mine */ channels: { whatsapp: { allowFrom: ['+15550000042'] } } }"
    writeFileSync(own, text)
    const { configPath, link } = await begin('--config', own)
    expect(configPath).not.toBe(own)
    expect(readFileSync(configPath, 'utf8')).toContain('/* mine */')
    expect(readFileSync(own, 'utf8')).toBe(text)
    const state = (await (await fetch(`${link.origin}/simulator/state`)).json()) as SimulatorState
    expect(state.phones.find(({ name }) => name === 'Alice')?.phoneNumber).toBe('+15550000042')
    rmSync(directory, { recursive: true })
  })

  it('says what to do when its port is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stderr } = await CommandLine.run(['demo', '--port', String(port)])
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^whatsappd: Port \d+ on 127\.0\.0\.1 is taken .* whatsappd demo --port 9000/m)
  })
})

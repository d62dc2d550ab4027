import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { AUDIENCE, ISSUER, OTHER_SECRET, SECRET, SUBJECT, claims, hs256 } from '../contract/support/tokens.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { CommandLine } from '../support/command-line.ts'
import { Stack } from '../support/stack.ts'

/** A second, on a machine that does a lot besides. */
const SOON_MS = 15_000
const WITHDRAWN = { code: 4403, reason: 'token_withdrawn' }

describe('the running daemon and its tokens', () => {
  let stack: Stack
  const clients: WireClient[] = []

  beforeEach(async () => {
    stack = await Stack.start()
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await stack.stop()
  })

  const tokenPath = (): string => join(stack.stateDir, 'token')
  const localToken = (): string => readFileSync(tokenPath(), 'utf8').trim()
  const url = (): string => `${stack.url.replace('http', 'ws')}/v1/ws`
  const run = (...arguments_: string[]) => CommandLine.run([...arguments_, '--state-dir', stack.stateDir])

  async function connect(token: string): Promise<WireClient> {
    const client = new WireClient(url())
    clients.push(client)
    await client.authenticate(token)
    return client
  }

  async function closedBy(client: WireClient, change: () => unknown): Promise<void> {
    await change()
    const changedAt = performance.now()
    expect(await client.closed).toEqual(WITHDRAWN)
    expect(performance.now() - changedAt).toBeLessThan(SOON_MS)
  }

  it('accepts what "whatsappd token" prints, for its scopes alone, also after a restart', async () => {
    const { code, stdout, stderr } = await run(
      'token',
      '--scope',
      'read,config',
      '--ttl',
      '90s',
      '--subject',
      'ci',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const token = stdout.trim()
    expect(stdout).toBe(`${token}\n`)
    const client = await connect(token)
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
    expect((await client.call('accounts.link', {})).error?.data.code).toBe('forbidden')
    await stack.stopDaemon()
    await stack.startDaemon()
    const typed = new WhatsappdClient({ url: url(), token, WebSocket })
    await typed.connect()
    expect((await typed.request('config.get', {})).valid).toBe(true)
    typed.close()
    const answer = await fetch(`${stack.url}/v1/nothing`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(404)
  })

  it('closes what the old local token opened when "whatsappd token --rotate" replaces it', async () => {
    const owner = await connect(localToken())
    const printed = (await run('token')).stdout.trim()
    const reader = await connect(printed)
    const before = localToken()
    const { code, stdout } = await run('token', '--rotate')
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('was replaced') })
    expect(stdout).not.toContain(localToken())
    expect(await owner.closed).toEqual(WITHDRAWN)
    expect(await reader.closed).toEqual(WITHDRAWN)
    expect(statSync(tokenPath()).mode & 0o777).toBe(0o600)
    await expect(connect(before)).rejects.toThrow('invalid_token')
    await expect(connect(printed)).rejects.toThrow('invalid_token')
    // At once, without waiting for the next look at the file.
    expect((await run('status')).code).toBe(0)
  })

  it('makes another token when the file is deleted, and closes what the deleted one opened', async () => {
    const before = localToken()
    await closedBy(await connect(before), () => rmSync(tokenPath()))
    await expect.poll(() => statSync(tokenPath(), { throwIfNoEntry: false })?.mode).toBeDefined()
    expect(localToken()).not.toBe(before)
    expect((await run('status')).code).toBe(0)
  })

  it('lets nobody in by a token file that others can read, until it is mended', async () => {
    const client = await connect(localToken())
    await closedBy(client, () => chmodSync(tokenPath(), 0o644))
    await expect(connect(localToken())).rejects.toThrow('invalid_token')
    chmodSync(tokenPath(), 0o600)
    await connect(localToken())
  })

  // A dashboard's developer sees "The token is not valid." whatever is wrong; the sandbox's owner has to see what it is.
  it('says in "whatsappd status" why tokens were refused, as long as the settings are the same', async () => {
    const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
    await expect(connect(hs256(claims()))).rejects.toThrow('invalid_token')
    expect((await run('status')).stdout).toMatch(/refused token \(auth_not_configured, 1, [^\n]*jwtKeys/)
    const auth = {
      jwtKeys: [{ secret: { env: 'UNSET' } }],
      issuer: ISSUER,
      audience: AUDIENCE,
      subjects: ['*'],
    }
    config.whatsappd['auth'] = auth
    writeFileSync(stack.configPath, JSON.stringify(config))
    await stack.untilEvent('config.applied')
    await expect(connect(hs256(claims()))).rejects.toThrow('invalid_token')
    const { stdout } = await run('status')
    expect(stdout).toMatch(/refused token \(key_unusable, 1, /)
    expect(stdout).toContain('the environment variable UNSET is not set')
    expect(stdout).not.toContain('auth_not_configured')
  })

  it('follows the config file and the secret’s own file: two keys, then one', async () => {
    const secretFile = join(stack.directory, 'jwt-secret')
    const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
    const save = (jwtKeys: unknown[]): void => {
      config.whatsappd['auth'] = { jwtKeys, issuer: ISSUER, audience: AUDIENCE, subjects: [SUBJECT] }
      writeFileSync(stack.configPath, JSON.stringify(config))
    }
    await expect(connect(hs256(claims()))).rejects.toThrow('invalid_token')
    // The secret may come later than the config that names it.
    save([{ secret: { file: 'jwt-secret' } }])
    await stack.untilEvent('config.applied')
    await expect(connect(hs256(claims()))).rejects.toThrow('invalid_token')
    writeFileSync(secretFile, `${SECRET}\n`, { mode: 0o600 })
    const first = await connect(hs256(claims()))
    const owner = await connect(localToken())
    const notices = async (): Promise<unknown> => (await owner.request('config.get'))['notices']
    expect(await notices()).toEqual([])
    // As a secret store replaces a file.
    await closedBy(first, () => {
      writeFileSync(`${secretFile}.new`, OTHER_SECRET, { mode: 0o600 })
      renameSync(`${secretFile}.new`, secretFile)
    })
    await expect(connect(hs256(claims()))).rejects.toThrow('invalid_token')
    const second = await connect(hs256(claims(), OTHER_SECRET))
    // One that can be guessed verifies nothing, and the status says whose setting it is.
    await closedBy(second, () => writeFileSync(secretFile, 'x'.repeat(40), { mode: 0o600 }))
    expect(await notices()).toMatchObject([
      {
        code: 'unusable_key',
        path: 'whatsappd.auth.jwtKeys[0].secret',
        message: expect.stringContaining('different'),
      },
    ])
    expect((await run('status')).stdout).toContain(
      'whatsappd.auth.jwtKeys[0].secret: No token can be verified',
    )
    writeFileSync(secretFile, OTHER_SECRET, { mode: 0o600 })
    await expect.poll(notices).toEqual([])
    const third = await connect(hs256(claims(), OTHER_SECRET))
    await closedBy(third, () => save([]))
    expect(await owner.request('session.ping')).toHaveProperty('at')
  })
})

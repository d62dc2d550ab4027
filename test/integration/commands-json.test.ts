import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { Stack } from '../support/stack.ts'

describe('commands that print one JSON object', () => {
  let stack: Stack
  const run = async (...arguments_: string[]): Promise<unknown> => {
    const env = { WHATSAPPD_STATE_DIR: stack.stateDir, SANDBOX_CONFIG: stack.configPath }
    const { code, stdout, stderr } = await CommandLine.run([...arguments_, '--json'], env)
    expect([code, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }

  beforeEach(async () => {
    stack = await Stack.start()
    await stack.link()
  })
  afterEach(() => stack.stop())

  it('logout says whether the phone knows of it', async () => {
    expect(await run('logout', '--yes')).toMatchObject({
      account: { account: 'default', linked: false },
      unlinkedOnPhone: true,
      leftOver: [],
    })
  })

  it('token says what it may do and until when, and whether the local one was replaced', async () => {
    const answer = await run('token', '--scope', 'read,link', '--ttl', '90s', '--subject', 'desk')
    expect(answer).toMatchObject({ scopes: ['read', 'link'], subject: 'desk' })
    const { token, expiresAt } = answer as { token: string; expiresAt: string }
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number
    }
    expect(Date.parse(expiresAt)).toBe(claims.exp * 1_000)
    expect(await run('token', '--rotate')).toEqual({ rotated: true })
  })

  it('backup and restore name the files', async () => {
    const file = join(stack.directory, 'copy.db')
    expect(await run('backup', file)).toEqual({ account: 'default', file })
    await stack.stopDaemon()
    expect(await run('restore', file)).toEqual({
      account: 'default',
      replaced: join(stack.stateDir, 'accounts/default/account.db.replaced'),
    })
  })
})

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

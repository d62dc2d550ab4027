import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'

/**
 * "whatsappd logout" once took the default account for the one that was meant, and erased its link without a word. A link
 * is gone for good: it takes the phone and a new QR code to come back.
 */
describe('whatsappd logout', () => {
  let stack: Stack
  const commands: CommandLine[] = []

  beforeEach(async () => {
    stack = await Stack.start()
    await stack.link()
  })
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.end()
    await stack.stop()
  })

  const environment = (): NodeJS.ProcessEnv => ({ WHATSAPPD_STATE_DIR: stack.stateDir })
  const run = (...options: string[]) => CommandLine.run(['logout', ...options], environment())
  const atTerminal = async (): Promise<CommandLine> => {
    const command = CommandLine.inTerminal(['logout'], environment())
    commands.push(command)
    await command.waitFor(/\[y\/N\] /)
    return command
  }
  const expectLinked = (): void => {
    expect(stack.account()).toMatchObject({ state: 'connected', linked: true })
    expect(stack.owner.companions).toHaveLength(1)
  }

  it('asks nobody where nobody is: without --yes it changes nothing, and says so without the number', async () => {
    const { code, stdout, stderr } = await run()
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^whatsappd: This unlinks default \(\+•••01\) .* Repeat it with --yes to go on\.\n$/,
    )
    expect(stderr).not.toContain(OWNER)
    expectLinked()
    expect(await run('--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('unlinked') })
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })

  it('guesses no account where there are several', async () => {
    await CommandLine.run(['accounts', 'add', 'shop', '--name', 'The shop'], environment())
    const { code, stderr } = await run('--yes')
    expect([code, stderr]).toEqual([
      1,
      'whatsappd: there are several accounts: default (+•••01), shop (The shop); name one with --account\n',
    ])
    expectLinked()
    expect((await run('--yes', '--account', 'default')).code).toBe(0)
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })

  it.each([
    ['no', 'n\r', 1],
    ['nothing', '\r', 1],
    ['the end of the input', '\x04', 1],
    ['Ctrl-C', '\x03', 130],
  ])('asks at a terminal, and changes nothing for %s', async (_answer, keys, exitCode) => {
    const command = await atTerminal()
    command.type(keys)
    expect(await command.exit).toBe(exitCode)
    expect(command.stdout).toMatch(/\nwhatsappd: nothing was changed/)
    expectLinked()
  })

  it('goes on at a yes', async () => {
    const command = await atTerminal()
    command.type('yes\r')
    expect(await command.exit).toBe(0)
    expect(command.stdout).toContain('default: unlinked; the credentials are erased.')
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })
})

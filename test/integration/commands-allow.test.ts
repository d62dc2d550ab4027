import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'

const BOB = '+442079460000'
/** As people keep it: a comment, their own notation, a trailing comma. */
const WRITTEN = `// Who may write.
{
  channels: { whatsapp: {
    allowFrom: [
      '+1 (555) 000-0002', // Alice
    ],
  } },
}
`

describe('allow, disallow and allowed', () => {
  let stack: Stack
  const start = async (options?: StackOptions): Promise<void> => {
    stack = await Stack.start(options)
  }
  const run = (...arguments_: string[]) =>
    CommandLine.run(arguments_, { WHATSAPPD_STATE_DIR: stack.stateDir, SANDBOX_CONFIG: stack.configPath })

  beforeEach(() => start())
  afterEach(() => stack.stop())

  it('lets somebody write at once, and takes it back', async () => {
    await stack.link()
    const allowed = await run('allow', '+1', '555', '000-0003', '--name', 'Mallory M.')
    expect(allowed).toMatchObject({ code: 0, stderr: '' })
    expect(allowed.stdout).toBe(
      `${MALLORY} is allowed now.\ndefault: 2 people are allowed, in ${stack.configPath}\n`,
    )
    await stack.mallory.sendText(OWNER, 'may I?')
    await stack.mallory.waitForText('may I?')
    expect((await run('allowed')).stdout).toBe(
      `default: 2 people are allowed (allowlist)\n  ${ALICE}\n  ${MALLORY}  Mallory M.\n`,
    )
    expect((await run('allow', MALLORY)).stdout).toContain(`${MALLORY} was allowed already.`)
    expect((await run('disallow', MALLORY, ALICE)).stdout).toBe(
      `${MALLORY} is not allowed any more.\n${ALICE} is not allowed any more.\ndefault: nobody is allowed, in ${stack.configPath}\n`,
    )
    await stack.mallory.sendText(OWNER, 'and now?')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    expect((await run('disallow', MALLORY)).stdout).toContain(`${MALLORY} was not on the list.`)
    expect((await run('allowed')).stdout).toContain('default: nobody is allowed (allowlist).')
  })

  it('changes the file to the same bytes whether a daemon runs or not', async () => {
    const changes = [
      ['allow', '+44 20 7946 0000', '--name', 'Bob'],
      ['allow', 'lid:123456789012345'],
      ['allow', ALICE],
      ['disallow', '15550000002@s.whatsapp.net'],
    ]
    const outcome = async (): Promise<unknown[]> => {
      const steps: unknown[] = []
      for (const change of changes) {
        const { code, stdout } = await run(...change, '--json')
        steps.push([code, JSON.parse(stdout), readFileSync(stack.configPath, 'utf8')])
      }
      return [...steps, JSON.parse((await run('allowed', '--json')).stdout)]
    }
    writeFileSync(stack.configPath, WRITTEN)
    await stack.untilEvent('config.applied')
    const running = await outcome()
    await stack.stopDaemon()
    writeFileSync(stack.configPath, WRITTEN)
    expect(await outcome()).toEqual(running)
    expect(running.at(-1)).toMatchObject({
      account: 'default',
      dmPolicy: 'allowlist',
      people: [
        { entry: BOB, name: 'Bob' },
        { entry: 'lid:123456789012345', name: null },
      ],
    })
    expect(readFileSync(stack.configPath, 'utf8')).toContain('// Who may write.')
  })

  it('allows again whoever has the number of an allowed person now, also while no daemon runs', async () => {
    await stack.link()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    await stack.alice.sendText(OWNER, 'one more thing')
    stack.alice.renewLid('777000777000777')
    await stack.until('the notice', () => stack.account().reason?.code === 'person_changed')
    await stack.stopDaemon()
    expect((await run('allow', '+1 (555) 000-0002')).stdout).toContain(`${ALICE} was allowed already.`)
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.account().reason).toBeNull()
  })

  it('edits one account of several, and names those that are there', async () => {
    await run('accounts', 'add', 'shop')
    expect((await run('allow', BOB, '--account', 'shop')).stdout).toMatch(/^shop: 2 people are allowed/m)
    expect((await run('allowed', '--account', 'shop', '--json')).stdout).toContain(BOB)
    expect((await run('allowed')).stdout).not.toContain(BOB)
    const wrong = await run('allowed', '--account', 'shp')
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'whatsappd: There is no account "shp". These accounts exist: default, shop.\n',
    ])
  })

  it('says where the list alone does not decide, and where the file on disk is broken', async () => {
    stack.writeConfig([ALICE], { dmPolicy: 'disabled' })
    await stack.untilEvent('config.applied')
    expect((await run('allow', BOB)).stdout).toContain('dmPolicy is "disabled": nobody may write directly')
    writeFileSync(stack.configPath, '{ channels: ')
    await stack.untilEvent('config.rejected')
    expect((await run('allowed')).stdout).toContain('The file on disk is not in force: Not valid JSON5')
    const refused = await run('allow', BOB)
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('cannot be used as it stands'),
    ])
    await stack.stopDaemon()
    const alone = await run('allow', BOB)
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('cannot be used as it stands')])
    expect(readFileSync(stack.configPath, 'utf8')).toBe('{ channels: ')
  })

  it('makes the first config file, before any daemon has run', async () => {
    await stack.stopDaemon()
    rmSync(stack.stateDir, { recursive: true })
    rmSync(stack.configPath)
    expect(await run('allow', BOB)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(stack.configPath, 'utf8')).toContain(BOB)
    const wrong = await run('allow', BOB, '--config', join(stack.directory, 'nowhere.json5'))
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('there is no config file')])
  })

  it('edits no other file than the running daemon follows', async () => {
    const other = join(stack.directory, 'other.json5')
    writeFileSync(other, WRITTEN)
    const { code, stderr } = await run('allow', BOB, '--config', other)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`follows ${stack.configPath}, not ${other}`)])
    expect(readFileSync(other, 'utf8')).toBe(WRITTEN)
  })

  it('gives a name to one person at a time', async () => {
    const before = stack.readConfig()
    expect(await run('allow', BOB, MALLORY, '--name', 'Both')).toMatchObject({
      code: 2,
      stderr: 'whatsappd: --name is for one person\n',
    })
    expect(stack.readConfig()).toBe(before)
  })
})

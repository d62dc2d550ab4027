/**
 * Somebody upgrades, does not like it, and goes back. The earlier program refuses the files of the later one by name and changes nothing in
 * them, and opens the copy that the later one made before. Both are real programs, the earlier one built from its commit.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { OurBot, type OurBotOptions } from '../bench/bots/ours.ts'
import { BUILT_MAIN } from '../support/command-line.ts'
import { isInHistory, olderProgram } from '../support/older-program.ts'
import { ALICE, OWNER } from '../support/stack.ts'

/** Of 30 November 2026: before numbers of WhatsApp Business, whose tables came afterwards. */
const EARLIER = '710940d2'

const run = promisify(execFile)

describe.runIf(isInHistory(EARLIER))('an earlier program', () => {
  const simulator = new Simulator()
  const options: OurBotOptions = { program: '' }
  let bot: OurBot
  let alice: SimulatedPhone
  let earlier: string

  const address = () => ({ webSocketUrl: simulator.webSocketUrl, noiseRootKey: simulator.noiseRootKey })
  const accountFiles = (): string[] =>
    readdirSync(join(bot.stateDirectory, 'accounts/default')).filter((name) => name.startsWith('account.db'))
  const path = (name: string): string => join(bot.stateDirectory, 'accounts/default', name)
  const copyOfBefore = (): string =>
    accountFiles().find((name) => /^account\.db\.v\d+\.bak$/.test(name)) ?? ''
  const digests = (): string[] =>
    accountFiles().map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(path(name)))
          .digest('hex')}`,
    )
  const resumeWith = (program: string): Promise<number> => {
    options.program = program
    return bot.resume()
  }
  const answersTo = (text: string): number => alice.received.filter((message) => message.text === text).length
  const ask = async (text: string): Promise<void> => {
    await alice.sendText(OWNER, text)
    await alice.waitForText(text)
  }
  const command = async (program: string, ...words: string[]): Promise<{ code: number; stderr: string }> => {
    const env = { ...process.env, WHATSAPPD_STATE_DIR: bot.stateDirectory, SANDBOX_CONFIG: bot.configPath }
    try {
      const { stderr } = await run(process.execPath, [program, ...words], { env })
      return { code: 0, stderr }
    } catch (error) {
      // What a program that failed leaves: its exit code and what it said.
      const { code, stderr } = error as { code: number; stderr: string }
      return { code, stderr }
    }
  }

  beforeAll(async () => {
    earlier = olderProgram(EARLIER)
    await simulator.start()
    const owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    alice = simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    options.program = earlier
    bot = new OurBot(options)
    const { qr } = await bot.start(address(), [ALICE])
    await owner.scan(qr)
    await bot.connected()
    await ask('asked of the earlier program')
    await bot.halt()
  })
  afterAll(async () => {
    await bot.stop()
    await simulator.stop()
  })

  it('leaves files that the present one goes on with, and of which it keeps a copy first', async () => {
    await resumeWith(BUILT_MAIN)
    await ask('asked of the present program')
    const { conversations } = await bot.client.request('conversations.list', {})
    expect(conversations).toHaveLength(1)
    await bot.halt()
    expect(copyOfBefore()).not.toBe('')
  })

  it('refuses the files of the present one by name, and changes no byte of them', async () => {
    const before = digests()
    options.program = earlier
    await bot.open(address(), [ALICE])
    const { accounts } = await bot.client.request('accounts.list', {})
    expect(accounts).toMatchObject([{ account: 'default', reason: { code: 'storage_newer' } }])
    await alice.sendText(OWNER, 'asked while nobody can answer')
    await bot.halt()
    expect(digests()).toEqual(before)
    await resumeWith(BUILT_MAIN)
    await alice.waitForText('asked while nobody can answer')
    await bot.halt()
  })

  it('refuses a backup of the present one, and leaves what is there', async () => {
    const copy = join(bot.stateDirectory, '..', 'of-the-present.db')
    expect(await command(BUILT_MAIN, 'backup', copy)).toMatchObject({ code: 0 })
    const before = digests()
    const { code, stderr } = await command(earlier, 'restore', copy)
    expect(code).toBe(1)
    expect(stderr).toMatch(/later whatsappd|newer/i)
    expect(digests()).toEqual(before)
  })

  it('goes on with the copy of before, as the same device, and says nothing twice', async () => {
    expect(await command(earlier, 'restore', path(copyOfBefore()))).toMatchObject({ code: 0 })
    await resumeWith(earlier)
    await ask('asked of the earlier program again')
    for (const text of [
      'asked of the earlier program',
      'asked of the present program',
      'asked while nobody can answer',
      'asked of the earlier program again',
    ])
      expect([text, answersTo(text)]).toEqual([text, 1])
    expect(simulator.phone(OWNER)?.companions).toHaveLength(1)
  })
})

import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { importAccount } from '../../src/accounts/life/import-account.ts'
import { linkImporter } from '../../src/daemon.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { trustServerRoot } from '../../src/transports/linked-device/socket/server-trust.ts'
import { ageFiles, BaileysBot } from '../support/baileys-bot.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { BareBot } from './simulator-bare-bot.ts'

const PEOPLE = Array.from({ length: 50 }, (_, index) => `+1555010${String(index).padStart(4, '0')}`)
const ADDRESSINGS = ['lid', 'pn'] as const

/** How somebody wrote to the bot, and how they write to us; every pair of the two occurs. */
const addressingOf = (index: number, round: 'bot' | 'ours'): 'lid' | 'pn' =>
  ADDRESSINGS[(round === 'bot' ? index : index >> 1) % 2] ?? 'lid'

const digest = (directory: string): string => {
  const hash = createHash('sha256')
  for (const name of readdirSync(directory).toSorted())
    hash.update(name).update(readFileSync(join(directory, name)))
  return hash.digest('hex')
}

/** As a Baileys of before LIDs has it: the session under the number, and nothing of the LID anywhere. */
function nameByNumber(directory: string, { account }: SimulatedPhone): void {
  const { user, lidUser } = account
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (name.startsWith('lid-mapping-') && (name.includes(user) || name.includes(lidUser))) rmSync(path)
    else if (name.startsWith(`device-list-${user}`)) rmSync(path)
    else if (name.includes(`${lidUser}_1.`))
      renameSync(path, join(directory, name.replace(`${lidUser}_1.`, `${user}.`)))
  }
}

// A bot after Baileys' own example was in use for a while: fifty people, one of them with a second device, and a group.
// Its store is taken over; WhatsApp sees the same device, so that nobody may have to send anything twice.
describe('the link of a bare Baileys bot', () => {
  let stack: Stack
  let bot: BaileysBot
  let group: SimulatedGroup
  let secondDevice: BareBot | undefined
  /** The bot's store as it was left. */
  let left: string

  /** Baileys loses what comes together with the first history. */
  const untilItAnswers = async (): Promise<void> => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const text = `are you there? ${attempt}`
      await stack.alice.sendText(OWNER, text)
      if (await stack.alice.waitForText(text, 2_000).catch(() => null)) return
    }
    throw new Error('the bot answers nothing')
  }

  beforeAll(async () => {
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    stack = await Stack.start({
      allowFrom: PEOPLE,
      // Plain Baileys writes to nobody who has a device without keys.
      simulator: { hasUnkeyedDevices: false },
      channel: { groups: { '*': { requireMention: false } } },
      prepare: ({ simulator }) => {
        for (const number of PEOPLE) simulator.createPhone({ phoneNumber: number, name: `P ${number}` })
        // Plain Baileys answers to the address that it was written from: WhatsApp has not moved these accounts to LIDs yet.
        for (const phone of simulator.phones) phone.account.lidMigration = 'either'
      },
    })
    await stack.stopDaemon()
    group = stack.simulator.createGroup({
      subject: 'All',
      members: [stack.owner, ...PEOPLE.slice(0, 5).map((number) => stack.phone(number))],
    })
    bot = new BaileysBot(stack.simulator.webSocketUrl)
    const qr = await bot.start([...PEOPLE, ALICE])
    const connected = bot.connected()
    await stack.owner.scan(qr ?? '')
    await connected
    await untilItAnswers()
    for (const [index, number] of PEOPLE.entries()) {
      const phone = stack.phone(number)
      const text = `to the bot ${index}`
      await phone.sendText(OWNER, text, { addressing: addressingOf(index, 'bot') })
      await phone.waitForText(text, 30_000)
    }
    // The daemon of this process verifies servers for every socket in it.
    trustServerRoot(stack.simulator.noiseRootKey, Date.now)
    const desk = new BareBot(stack.simulator)
    secondDevice = desk
    await desk.linkTo(PEOPLE[0] ?? '')
    await desk.socket.sendMessage(stack.owner.jid, { text: 'from my desk' })
    await stack.phone(PEOPLE[0] ?? '').waitForText('from my desk')
    for (const number of PEOPLE.slice(1, 5))
      await stack.phone(number).sendGroupText(group, `hello all, ${number}`)
    await Promise.all(PEOPLE.map((number) => stack.phone(number).idle()))
    await bot.stop()
    left = join(stack.directory, 'left')
    cpSync(bot.directory, left, { recursive: true })
    for (const number of PEOPLE.slice(40)) nameByNumber(left, stack.phone(number))
    ageFiles(left, 600)
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await secondDevice?.stop()
    await bot.remove()
    await stack.stop()
  })

  it('is taken over with its directory unchanged, and the first message of everybody is read at once', async () => {
    const before = digest(left)
    const directory = join(stack.stateDir, 'accounts', 'default')
    const link = await importAccount({ source: left, directory, importer: linkImporter, force: false })
    expect(link).toMatchObject({ phoneNumber: OWNER, leftOut: [] })
    expect(digest(left)).toBe(before)
    stack.owner.account.lidMigration = 'migrated'
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.owner.companions).toHaveLength(1)
    const asked: string[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'receipt' && node.attrs.type === 'retry')
        asked.push(node.attrs.to ?? '')
    })
    await secondDevice?.socket.sendMessage(stack.owner.lid, { text: 'from my desk again' })
    await stack.phone(PEOPLE[0] ?? '').waitForText('from my desk again')
    await Promise.all(
      PEOPLE.map(async (number, index) => {
        const phone = stack.phone(number)
        const text = `to us ${index}`
        await phone.sendText(OWNER, text, { addressing: addressingOf(index, 'ours') })
        await phone.waitForText(text, 60_000)
      }),
    )
    const [one = '', other = ''] = PEOPLE.slice(1)
    const { text: asIs } = await stack.phone(one).sendGroupText(group, 'hello again', { mention: OWNER })
    await stack
      .phone(other)
      .waitForText(({ text, chat, from }) => text === asIs && chat === group.jid && from === OWNER)
    expect(asked).toEqual([])
  })

  it('says so when the directory changes again: the old program is in use', async () => {
    expect(stack.account().reason).toBeNull()
    await stack.stopDaemon()
    ageFiles(left, 0)
    await stack.startDaemon()
    const { reason } = await stack.until('the warning', () => {
      const account = stack.account()
      return account.state === 'connected' && account.reason !== null ? account : null
    })
    expect(reason).toMatchObject({ code: 'import_source_changed', message: expect.stringContaining(left) })
  })

  it('is left to the old program when that connects, until a person takes it over', async () => {
    await bot.start(PEOPLE)
    await stack.untilState('conflict')
    expect(stack.account().reason?.code).toBe('copy_detected')
    await bot.stop()
    await stack.accounts.takeOver('default')
    await stack.untilState('connected')
  })

  describe('that lies in the directory which the config names', () => {
    let authDir: string
    const startThere = async (settings: Record<string, unknown> = {}): Promise<void> => {
      await stack.stopDaemon()
      authDir = mkdtempSync(join(stack.directory, 'auth-'))
      cpSync(left, authDir, { recursive: true })
      ageFiles(authDir, 600)
      chmodSync(authDir, 0o755)
      stack.writeConfig(PEOPLE, { authDir, ...settings })
      await stack.startDaemon()
    }

    it('is taken over when a dashboard asks for it', async () => {
      await startThere()
      const client = await stack.client()
      expect(stack.account()).toMatchObject({ state: 'misconfigured', reason: { code: 'import_required' } })
      ageFiles(authDir, 10)
      await expect(client.request('accounts.import', {})).rejects.toMatchObject({
        code: 'import_refused',
        details: { reason: 'changed_recently' },
      })
      expect(existsSync(join(authDir, 'account.db'))).toBe(false)
      expect(stack.account().reason?.message).toContain('seconds ago')
      ageFiles(authDir, 600)
      const before = digest(left)
      const { account } = await client.request('accounts.import', {})
      expect(account).toMatchObject({ linked: true, phoneNumber: OWNER })
      await stack.untilState('connected')
      expect(statSync(authDir).mode & 0o777).toBe(0o700)
      expect(statSync(join(authDir, 'account.db')).mode & 0o777).toBe(0o600)
      for (const name of readdirSync(left))
        expect(readFileSync(join(authDir, name)).equals(readFileSync(join(left, name))), name).toBe(true)
      expect(digest(left)).toBe(before)
      await expect(client.request('accounts.import', {})).rejects.toMatchObject({ code: 'already_linked' })
      client.close()
    })

    it('is taken over at the start where the owner has said so, and never a second time', async () => {
      await startThere({ importExisting: true })
      await stack.untilState('connected')
      await stack.accounts.disconnect('default')
      await stack.stopDaemon()
      await stack.startDaemon()
      await stack.untilState('unlinked')
      // Also without the file: the keys beside it are older than those that were in use.
      await stack.stopDaemon()
      for (const name of readdirSync(authDir))
        if (/^account\.db(?:-wal|-shm)?$/.test(name)) rmSync(join(authDir, name))
      await stack.startDaemon()
      await stack.untilState('unlinked')
    })
  })
})

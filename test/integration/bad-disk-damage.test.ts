import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AccountFiles } from '../support/account-files.ts'
import { OWNER, Stack } from '../support/stack.ts'

// SQLite opens most of these without a word: as an older state, or as a new and empty database, which would be a new
// identity in the place of the one that the phone trusts.
describe('a damaged or torn copy of an account', () => {
  let stack: Stack
  let files: AccountFiles
  let crashed: string
  let closed: string

  beforeAll(async () => {
    stack = await Stack.start()
    files = new AccountFiles(stack.stateDir)
    crashed = join(stack.directory, 'crashed')
    closed = join(stack.directory, 'closed')
    await stack.link()
    await stack.alice.sendText(OWNER, 'before')
    await stack.alice.waitForText('before')
    await stack.untilEvent('message.delivered')
    files.copyTo(crashed)
    await stack.stopDaemon()
    files.copyTo(closed)
  })
  afterAll(() => stack.stop())

  const edit = (path: string, change: (bytes: Buffer) => void): void => {
    const bytes = readFileSync(path)
    change(bytes)
    writeFileSync(path, bytes)
  }
  const log = (): string => `${files.file}-wal`

  const damages: [name: string, from: () => string, damage: () => void, words: RegExp][] = [
    [
      'garbage in the header',
      () => closed,
      () => edit(files.file, (b) => b.fill('garbage', 0, 64)),
      /database/,
    ],
    ['a torn page', () => closed, () => edit(files.file, (b) => b.fill(0x41, 3 * 4096, 4 * 4096)), /page/],
    ['the first half', () => closed, () => truncateSync(files.file, 40_960), /malformed|page|Tree|invalid/i],
    ['the first bytes', () => closed, () => truncateSync(files.file, 50), /only a part/],
    ['an empty file', () => closed, () => truncateSync(files.file, 0), /is empty/],
    ['a file in use without its log', () => crashed, () => rmSync(log()), /-wal is missing/],
    ['a log of garbage', () => crashed, () => edit(log(), (b) => b.fill('garbage')), /-wal is damaged/],
    ['a log without its file', () => crashed, () => rmSync(files.file), /is missing, but .*-wal is there/],
    [
      "another file's log",
      () => closed,
      () => writeFileSync(log(), readFileSync(join(crashed, 'account.db-wal')), { mode: 0o600 }),
      /belongs to another file/,
    ],
  ]

  for (const [name, from, damage, words] of damages) {
    it(`${name}: a storage_error that names it, and nothing is changed`, async () => {
      files.replaceBy(from())
      damage()
      const before = files.bytes()
      await stack.startDaemon()
      try {
        expect(stack.account()).toMatchObject({
          state: 'storage_error',
          reason: { code: 'storage_unreadable', action: expect.stringContaining('whatsappd restore') },
        })
        expect(stack.account().reason?.message).toMatch(words)
        await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
          code: 'storage_error',
        })
        expect(stack.simulator.connections).toHaveLength(0)
      } finally {
        await stack.stopDaemon()
      }
      expect(files.bytes()).toEqual(before)
    })
  }

  for (const [name, from] of [
    ['killed', () => crashed],
    ['stopped', () => closed],
  ] as const) {
    it(`what a ${name} daemon left connects as the same device`, async () => {
      files.replaceBy(from())
      await stack.startDaemon()
      await stack.untilState('connected')
      expect(stack.owner.companions).toHaveLength(1)
      await stack.stopDaemon()
    })
  }

  it('is mended while the daemon runs, and used then', async () => {
    files.replaceBy(closed)
    truncateSync(files.file, 0)
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({ reason: { code: 'storage_unreadable' } })
    files.replaceBy(closed)
    await stack.untilState('connected')
    await stack.stopDaemon()
  })

  it('is set aside by a disconnect, which begins anew', async () => {
    files.replaceBy(closed)
    appendFileSync(files.file, 'x')
    edit(files.file, (bytes) => bytes.fill(0x41, 3 * 4096, 4 * 4096))
    const damaged = readFileSync(files.file)
    await stack.startDaemon()
    expect(stack.account().state).toBe('storage_error')
    const { account, unlinkedOnPhone } = await stack.accounts.disconnect('default')
    expect(unlinkedOnPhone).toBe(false)
    expect(account).toMatchObject({ state: 'unlinked', linked: false })
    expect(readFileSync(`${files.file}.damaged`).equals(damaged)).toBe(true)
    const { qr } = await stack.qr()
    await stack.owner.scan(qr)
    await stack.untilState('connected')
    await stack.stopDaemon()
  })
})

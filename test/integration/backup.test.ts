import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installConsoleGuard } from '../../src/observability/console-guard.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { AccountFiles } from '../support/account-files.ts'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'

describe('a copy of an account', () => {
  let stack: Stack
  let files: AccountFiles
  let copy: string
  // libsignal prints sessions that do not fit.
  const guard = installConsoleGuard(createLogger({ level: 'silent' }))
  afterAll(() => guard.uninstall())
  beforeEach(async () => {
    stack = await Stack.start()
    files = new AccountFiles(stack.stateDir)
    copy = join(stack.directory, 'copy.db')
    await stack.link()
  })
  afterEach(() => stack.stop())

  const run = (...arguments_: string[]) =>
    CommandLine.run(arguments_, { WHATSAPPD_STATE_DIR: stack.stateDir, SANDBOX_CONFIG: stack.configPath })
  const say = async (...texts: string[]): Promise<void> => {
    for (const text of texts) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
  }
  const answers = (): string[] => stack.alice.received.map(({ text }) => text ?? '')
  const inboxOf = (file: string): string[] => {
    const database = new DatabaseSync(file, { readOnly: true })
    const rows = database.prepare('SELECT text FROM inbox ORDER BY sequence').all()
    database.close()
    return (rows as { text: string }[]).map(({ text }) => text)
  }

  it('of a running daemon is one private, sound file, and replaces none unasked', async () => {
    await say('one', 'two')
    const first = await run('backup', copy)
    expect(first).toMatchObject({ code: 0, stdout: `default: copied to ${copy}\n`, stderr: '' })
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    expect(inboxOf(copy)).toEqual(['one', 'two'])
    await say('three')
    const before = readFileSync(copy)
    const second = await run('backup', copy)
    expect(second.code).toBe(1)
    expect(second.stderr).toBe(`whatsappd: ${copy} exists; --force overwrites it\n`)
    expect(readFileSync(copy).equals(before)).toBe(true)
    expect(await run('backup', '--force', copy)).toMatchObject({ code: 0 })
    expect(inboxOf(copy)).toEqual(['one', 'two', 'three'])
    expect(readdirSync(stack.directory).filter((name) => name.startsWith('copy.db'))).toEqual(['copy.db'])
    await say('four')
  })

  it('is made while messages flow, and of a stopped daemon, and refused where there is nothing', async () => {
    const flowing = say(...Array.from({ length: 30 }, (_, index) => `message ${index}`))
    for (let round = 0; round < 3; round += 1) {
      expect(await run('backup', '--force', copy)).toMatchObject({ code: 0 })
      const database = new DatabaseSync(copy)
      expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
      database.close()
    }
    await flowing
    await stack.stopDaemon()
    expect(await run('backup', '--force', copy)).toMatchObject({ code: 0 })
    expect(inboxOf(copy)).toHaveLength(30)
    expect(await run('backup', '--force', files.file)).toMatchObject({ code: 1 })
    rmSync(files.directory, { recursive: true })
    const nothing = await run('backup', join(stack.directory, 'nothing.db'))
    expect(nothing.code).toBe(1)
    expect(nothing.stderr).toContain('nothing is stored yet')
  })

  /** They shared a file under way: most were told that the database is locked, or that the disk refused a write. */
  it('may be made several times at once, to one place, too', async () => {
    await say('one')
    const left = join(stack.directory, 'copy.db.whatsappd.0123456789ab.tmp')
    for (const suffix of ['', '-journal']) writeFileSync(left + suffix, 'of a copy that was killed')
    utimesSync(left, 1, 1)
    utimesSync(`${left}-journal`, 1, 1)
    const at = (count: number, ...options: string[]) =>
      Promise.all(Array.from({ length: count }, () => run('backup', ...options, copy)))
    const firsts = await at(5)
    expect(firsts.filter(({ code }) => code === 0)).toHaveLength(1)
    for (const { code, stderr } of firsts)
      expect([code, stderr]).toEqual(
        code === 0 ? [0, ''] : [1, `whatsappd: ${copy} exists; --force overwrites it\n`],
      )
    expect((await at(5, '--force')).map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
    expect(inboxOf(copy)).toEqual(['one'])
    expect(readdirSync(stack.directory).filter((name) => name.startsWith('copy.db'))).toEqual(['copy.db'])
  })

  it('says what is wrong with the place that it is to go to, and blames no other', async () => {
    const locked = join(stack.directory, 'locked')
    mkdirSync(locked, { mode: 0o500 })
    const missing = join(stack.directory, 'missing')
    for (const [target, words] of [
      [join(missing, 'copy.db'), `there is no directory ${missing}; make it first`],
      [stack.directory, `${stack.directory} is a directory; name a file in it`],
      // Nothing is locked for root.
      ...(process.getuid?.() === 0 ? [] : [[join(locked, 'copy.db'), 'you may not write there'] as const]),
      ['/proc/copy.db', '/proc/copy.db cannot be written: '],
    ] as const) {
      const { code, stderr } = await run('backup', '--force', target)
      expect([code, stderr]).toEqual([1, expect.stringContaining(words)])
      expect(stderr).not.toContain('account.db')
    }
    expect(readdirSync(stack.directory).some((name) => name.endsWith('.tmp'))).toBe(false)
  })

  // The copy's ratchets are older than the phones': what they cannot decrypt they ask for again.
  it('put back later connects as the same device; nothing is answered twice, nothing is lost from then on', async () => {
    await say('known 1', 'known 2')
    expect(await run('backup', copy)).toMatchObject({ code: 0 })
    await say('later 1', 'later 2', 'later 3')
    const inUse = await run('restore', copy)
    expect(inUse.code).toBe(1)
    expect(inUse.stderr).toContain(`held by process ${process.pid}`)
    const [device] = stack.owner.companions.map(({ jid }) => jid)
    // As a crash leaves it: the log is still there, and must not be taken for the copy's.
    const crashed = join(stack.directory, 'crashed')
    files.copyTo(crashed)
    await stack.stopDaemon()
    files.replaceBy(crashed)

    const restored = await run('restore', copy)
    expect(restored).toMatchObject({ code: 0, stderr: '' })
    expect(restored.stdout).toBe(
      `default: restored. What was there is ${files.file}.replaced. Start the daemon to use it.\n`,
    )
    expect(inboxOf(`${files.file}.replaced`)).toHaveLength(5)
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.owner.companions.map(({ jid }) => jid)).toEqual([device])
    await say('again 1', 'again 2', 'again 3')
    expect(answers()).toEqual([
      'known 1',
      'known 2',
      'later 1',
      'later 2',
      'later 3',
      'again 1',
      'again 2',
      'again 3',
    ])
  })

  it('put back after the phone removed the device says logged out, and links anew', async () => {
    expect(await run('backup', copy)).toMatchObject({ code: 0 })
    const [companion] = stack.owner.companions
    if (companion === undefined) throw new Error('no companion')
    await stack.owner.removeCompanion(companion)
    await stack.untilState('logged_out')
    await stack.stopDaemon()
    expect(await run('restore', copy)).toMatchObject({ code: 0 })
    await stack.startDaemon()
    await stack.untilState('logged_out')
    await stack.link()
  })

  it('deletes nothing unasked that an earlier one set aside, and is taken back by restoring that', async () => {
    expect((await run('backup', copy)).code).toBe(0)
    await say('later')
    await stack.stopDaemon()
    const aside = `${files.file}.replaced`
    expect((await run('restore', copy)).code).toBe(0)
    const refused = await run('restore', copy)
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `whatsappd: ${aside}, which an earlier restore set aside, is deleted by this one; move it away to keep it. Repeat it with --yes to go on.\n`,
    ])
    expect(inboxOf(aside)).toEqual(['later'])
    expect((await run('restore', aside)).code).toBe(0)
    expect([inboxOf(files.file), inboxOf(aside)]).toEqual([['later'], []])
    expect((await run('restore', '--yes', copy)).code).toBe(0)
    expect([inboxOf(files.file), inboxOf(aside)]).toEqual([[], ['later']])
  })

  it('knows a directory, and a config file that is not there, for what they are', async () => {
    await stack.stopDaemon()
    expect((await run('restore', stack.directory)).stderr).toContain('is a directory; name the file in it')
    const config = join(stack.directory, 'other.json5')
    for (const command of ['backup', 'restore'])
      expect((await run(command, copy, '--config', config)).stderr).toBe(
        `whatsappd: there is no config file ${config}\n`,
      )
  })

  it('that is no account, damaged or torn is refused, and changes nothing', async () => {
    await stack.stopDaemon()
    const before = files.bytes()
    const refuse = async (why: RegExp): Promise<void> => {
      const { code, stderr } = await run('restore', copy)
      expect(code).toBe(1)
      expect(stderr).toMatch(why)
      expect(stderr).not.toContain('.restored')
      expect(files.bytes()).toEqual(before)
      expect(readdirSync(files.directory).filter((name) => name.includes('.re'))).toEqual([])
    }
    await refuse(/copy\.db does not exist/)
    writeFileSync(copy, 'garbage'.repeat(1_000))
    await refuse(/^whatsappd: nothing was restored: .*copy\.db: .*not a database\n$/)
    rmSync(copy)
    const empty = new DatabaseSync(copy)
    empty.exec('CREATE TABLE t (v)')
    empty.close()
    await refuse(/holds no account/)
    copyFileSync(files.file, copy)
    const bytes = readFileSync(copy)
    writeFileSync(copy, bytes.subarray(0, bytes.length / 2))
    await refuse(/copy\.db/)
    // Copied without its log while it was in use.
    await stack.startDaemon()
    await stack.untilState('connected')
    copyFileSync(files.file, copy)
    await stack.stopDaemon()
    const torn = await run('restore', copy)
    expect(torn.stderr).toContain('copy.db-wal is missing')
    expect(await run('restore', '--force', copy)).toMatchObject({ code: 0 })
    expect(existsSync(`${files.file}.replaced`)).toBe(true)
    await stack.startDaemon()
    await stack.untilState('connected')
  })
})

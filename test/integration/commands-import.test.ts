import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ExclusiveLock } from '../../src/storage/files/exclusive-lock.ts'
import { age, PHONE, writeMultiFileStore } from '../unit/transports/linked-device/import/multi-file-store.ts'

describe('whatsappd import', () => {
  let root: string
  let source: string
  let account: string
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'whatsappd-import-'))
    source = await writeMultiFileStore()
    account = join(root, 'state', 'accounts', 'default')
    writeFileSync(
      join(root, 'config.json5'),
      '{ channels: { whatsapp: { accounts: { default: {}, shop: {} } } } }',
    )
  })
  afterEach(() => {
    for (const path of [root, source]) rmSync(path, { recursive: true, force: true })
  })
  const run = (...words: string[]) =>
    CommandLine.run(['import', '--config', join(root, 'config.json5'), ...words], {
      WHATSAPPD_STATE_DIR: join(root, 'state'),
      HOME: root,
    })
  const digest = (): string => {
    const hash = createHash('sha256')
    for (const name of readdirSync(source)) hash.update(name).update(readFileSync(join(source, name)))
    return hash.digest('hex')
  }

  it('takes the link over once, leaves the directory as it was, and one private file behind', async () => {
    const before = digest()
    const first = await run('--from', source)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain(`default: took over the link of +${PHONE}, with the keys of 4 devices`)
    expect(digest()).toBe(before)
    const files = readdirSync(account).filter((name) => name.startsWith('account.db'))
    expect(files).toEqual(['account.db'])
    expect(statSync(join(account, 'account.db')).mode & 0o777).toBe(0o600)
    const second = await run('--from', source)
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain('default is linked already, and nothing was changed')
    expect((await run('--from', source, '--account', 'shop')).code).toBe(0)
  })

  it('leaves nothing behind when it is refused, so that the next try is the first one', async () => {
    truncateSync(join(source, 'session-15550000002.0.json'), 3)
    age(source, 600)
    const { code, stderr } = await run('--from', source)
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('session-15550000002.0.json'),
    })
    expect(existsSync(join(account, 'account.db'))).toBe(false)
    const forced = await run('--from', source, '--force')
    expect(forced.stdout).toContain('Left out, damaged or missing: session-15550000002.0.json.')
  })

  it('begins anew after a kill in its midst', async () => {
    mkdirSync(account, { recursive: true, mode: 0o700 })
    writeFileSync(join(account, 'account.db.import'), 'half of a file')
    writeFileSync(join(account, 'account.db.import-wal'), 'half of a log')
    expect((await run('--from', source)).code).toBe(0)
    expect(readdirSync(account).filter((name) => name.includes('.import'))).toEqual([])
  })

  it('takes over what lies in the directory of the account itself', async () => {
    cpSync(source, account, { recursive: true })
    age(account, 600)
    expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining(`from ${account}`) })
  })

  it('advises to remove no directory that is the account itself, whatever its name', async () => {
    cpSync(source, account, { recursive: true })
    age(account, 600)
    const otherName = join(root, 'theirs')
    symlinkSync(account, otherName)
    const { code, stdout } = await run('--from', otherName)
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Remove') })
  })

  it('without a directory names the places where it found one', async () => {
    expect((await run()).stderr).toContain("name that program's directory with --from")
    const theirs = join(root, '.openclaw', 'credentials', 'whatsapp', 'default')
    mkdirSync(join(theirs, '..'), { recursive: true })
    cpSync(source, theirs, { recursive: true })
    age(theirs, 600)
    const { code, stderr } = await run()
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`--from ${theirs}`) })
    expect((await run('--from', theirs)).code).toBe(0)
  })

  it('waits for no daemon that holds the account: it says who', async () => {
    mkdirSync(account, { recursive: true, mode: 0o700 })
    const lock = new ExclusiveLock(account)
    lock.acquire()
    const { code, stderr } = await run('--from', source)
    lock.release()
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: `whatsappd: default is in use (held by process ${process.pid}); stop the daemon first\n`,
    })
  })
})

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ExclusiveLock } from '../../src/storage/files/exclusive-lock.ts'
import { LogLines } from '../support/log-lines.ts'
import { OWNER, Stack } from '../support/stack.ts'

describe("an account's directory", () => {
  let stack: Stack
  afterEach(() => stack.stop())
  const directory = (): string => join(stack.stateDir, 'accounts', 'default')

  it('is never overwritten when its credentials are damaged, and says so', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const file = join(directory(), 'account.db')
    writeFileSync(file, Buffer.concat([Buffer.from('garbage'.repeat(100)), readFileSync(file).subarray(700)]))
    rmSync(`${file}-wal`, { force: true })
    const damaged = readFileSync(file)
    await stack.startDaemon()
    const account = stack.account()
    expect(account).toMatchObject({ state: 'storage_error', reason: { code: 'storage_unreadable' } })
    expect(account.reason?.message).toContain(file)
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'storage_error',
    })
    expect(readFileSync(file).equals(damaged)).toBe(true)
    expect(stack.owner.companions).toHaveLength(1)
  })

  it('that others can enter is made private and used, with the state directory around it', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const opened = [stack.stateDir, join(stack.stateDir, 'accounts'), directory()]
    for (const path of opened) chmodSync(path, 0o755)
    await stack.startDaemon()
    await stack.untilState('connected')
    for (const path of opened) expect(statSync(path).mode & 0o777, path).toBe(0o700)
    expect(stack.account().reason).toBeNull()
  })

  it('whose file others could read is made private, and that they could have read it is said', async () => {
    const log = new LogLines()
    stack = await Stack.start({ logger: log.logger })
    await stack.link()
    await stack.stopDaemon()
    const file = join(directory(), 'account.db')
    chmodSync(file, 0o644)
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(stack.account().reason).toMatchObject({ code: 'credentials_readable' })
    expect(stack.account().reason?.message).toContain(file)
    expect(log.complaints.filter((line) => line.includes('could have read'))).toHaveLength(1)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(stack.account().reason).toBeNull()
  })

  it('with files of others in it is refused while they can enter it, and used again once that is mended', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    writeFileSync(join(directory(), 'notes.txt'), '')
    chmodSync(directory(), 0o755)
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({
      state: 'storage_error',
      reason: { code: 'storage_permissions' },
    })
    chmodSync(directory(), 0o700)
    await stack.untilState('connected')
  })

  it('with files of a bare Baileys bot is not linked over', async () => {
    stack = await Stack.start()
    await stack.stopDaemon()
    rmSync(directory(), { recursive: true })
    mkdirSync(directory(), { mode: 0o700 })
    writeFileSync(join(directory(), 'creds.json'), '{}', { mode: 0o600 })
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({ state: 'misconfigured', reason: { code: 'import_required' } })
    expect(stack.account().reason?.action).toContain('whatsappd import')
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'misconfigured',
    })
    expect(existsSync(join(directory(), 'account.db'))).toBe(false)
  })

  it('belongs to one owner: a second one says who, waits, and takes over', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const other = new ExclusiveLock(directory())
    other.acquire()
    await stack.startDaemon()
    const account = stack.account()
    expect(account).toMatchObject({ state: 'owner_busy', reason: { code: 'owner_busy' } })
    expect(account.reason?.message).toContain(String(process.pid))
    expect(stack.simulator.connections).toHaveLength(0)
    other.release()
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'who owns you')
    await stack.alice.waitForText('who owns you')
  })
})

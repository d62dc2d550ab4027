import { renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Conversations } from '../../src/conversations/conversations.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { SmallDisk } from '../faults/small-disk.ts'
import { acknowledgedIds } from '../support/acknowledged-ids.ts'
import { AccountFiles } from '../support/account-files.ts'
import { ReadOnlyView } from '../support/read-only-view.ts'
import { LogLines } from '../support/log-lines.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const place = (): string => join(tmpdir(), `bad-disk-${process.pid}-${Math.random().toString(36).slice(2)}`)
const noSmallDisk = SmallDisk.obstacle(place())

// WhatsApp never delivers again what was acknowledged: a message that is acknowledged and not stored is lost.
describe('the disk of a running account', () => {
  const log = new LogLines()
  let stack: Stack
  let disk: SmallDisk | null = null
  let acknowledged: ReadonlySet<string>

  const start = async (options: Parameters<typeof Stack.start>[0] = {}): Promise<void> => {
    stack = await Stack.start({ logger: log.logger, ...options })
    acknowledged = acknowledgedIds(stack)
    await stack.link()
    await stack.alice.sendText(OWNER, 'before')
    await stack.alice.waitForText('before')
    await stack.untilEvent('message.delivered')
  }
  const startOnSmallDisk = async (): Promise<SmallDisk> => {
    disk = new SmallDisk(place())
    disk.mount()
    await start({ channel: { authDir: disk.directory } })
    return disk
  }
  const answered = (): string[] => stack.alice.received.map(({ text }) => text ?? '')
  const deviceBefore = (): unknown[] => stack.owner.companions.map(({ jid }) => jid)

  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
    disk?.unmount()
    if (disk !== null) rmSync(disk.directory, { recursive: true, force: true })
    disk = null
    // Something that was closed is not a disk that refuses.
    expect(log.complaints.filter((line) => /not open|is closed/.test(line))).toEqual([])
  })

  describe.runIf(noSmallDisk === null)('when it is full', () => {
    it('nothing is acknowledged that is not stored; with room it goes on by itself', async () => {
      const small = await startOnSmallDisk()
      const device = deviceBefore()
      small.fill()
      const sent: string[] = []
      for (const text of ['one', 'two', 'three']) sent.push((await stack.alice.sendText(OWNER, text)).id)
      const account = await stack.untilState('storage_error')
      expect(account.reason).toMatchObject({ code: 'storage_full' })
      await expect(stack.accounts.reconnect('default')).rejects.toMatchObject({ code: 'storage_error' })
      // Two attempts to open it again, which find no room.
      await new Promise((resolve) => setTimeout(resolve, 7_000))
      expect(stack.account()).toMatchObject({ state: 'storage_error', reason: { code: 'storage_full' } })
      expect(stack.simulator.connections).toHaveLength(0)
      expect(sent.filter((id) => acknowledged.has(id))).toEqual([])
      expect(log.complaints.filter((line) => line.includes('cannot be used'))).toHaveLength(1)
      small.free()
      await stack.untilState('connected')
      for (const text of ['one', 'two', 'three']) await stack.alice.waitForText(text)
      await stack.alice.sendText(OWNER, 'after')
      await stack.alice.waitForText('after')
      expect(answered()).toEqual(['before', 'one', 'two', 'three', 'after'])
      expect(deviceBefore()).toEqual(device)
    })

    it('from the start, the daemon runs, says so, and connects once there is room', async () => {
      const small = await startOnSmallDisk()
      await stack.stopDaemon()
      small.fill()
      await stack.startDaemon()
      expect(stack.account()).toMatchObject({ state: 'storage_error', reason: { code: 'storage_full' } })
      small.free()
      await stack.untilState('connected')
      expect(stack.owner.companions).toHaveLength(1)
    })

    it('with everything else of the daemon on it, the daemon starts and says so', async () => {
      disk = new SmallDisk(place())
      disk.mount()
      await start({ stateDir: disk.directory })
      await stack.stopDaemon()
      disk.fill()
      await stack.startDaemon()
      expect(stack.account()).toMatchObject({ state: 'storage_error', reason: { code: 'storage_full' } })
      const client = await stack.client()
      const { accounts } = await client.request('accounts.list', {})
      expect(accounts.map(({ state }) => state)).toEqual(['storage_error'])
      client.close()
      disk.free()
      await stack.untilState('connected')
      expect(stack.owner.companions).toHaveLength(1)
    })

    it('or can only be read, the daemon says so, and connects once it can be written', async () => {
      await start()
      await stack.stopDaemon()
      const view = new ReadOnlyView(place())
      view.mount(new AccountFiles(stack.stateDir).directory)
      onTestFinished(() => view.unmount())
      stack.writeConfig([ALICE], { authDir: view.directory })
      await stack.startDaemon()
      expect(stack.account()).toMatchObject({ state: 'storage_error', reason: { code: 'storage_read_only' } })
      view.makeWritable()
      await stack.untilState('connected')
      expect(stack.owner.companions).toHaveLength(1)
      await stack.stopDaemon()
    })
  })

  it('when its directory is taken away, stops, makes none anew, and goes on once it is back', async () => {
    await start()
    const { directory } = new AccountFiles(stack.stateDir)
    const device = deviceBefore()
    const away = join(stack.directory, 'away')
    renameSync(directory, away)
    const { id } = await stack.alice.sendText(OWNER, 'while away')
    const account = await stack.untilState('storage_error')
    expect(account.reason).toMatchObject({ code: 'storage_missing' })
    expect(acknowledged.has(id)).toBe(false)
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'storage_error',
    })
    // An attempt to open it again, which makes nothing.
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(stack.account()).toMatchObject({ reason: { code: 'storage_missing' } })
    renameSync(away, directory)
    await stack.untilState('connected')
    await stack.alice.waitForText('while away')
    expect(answered()).toEqual(['before', 'while away'])
    expect(deviceBefore()).toEqual(device)
  })

  // The lock stayed, and the account was busy with itself for good.
  it('when it cannot even be stopped in order, goes on all the same once the disk is back', async () => {
    await start()
    const { stop } = Conversations.prototype
    vi.spyOn(Conversations.prototype, 'stop').mockImplementationOnce(async function (this: Conversations) {
      await stop.call(this)
      throw new StorageError('storage_failed', 'the disk')
    })
    const { directory } = new AccountFiles(stack.stateDir)
    const away = join(stack.directory, 'away')
    renameSync(directory, away)
    await stack.untilState('storage_error')
    renameSync(away, directory)
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'after')
    await stack.alice.waitForText('after')
  })

  it('when its directory is deleted, nobody is told to scan; a restart begins anew', async () => {
    await start()
    const { directory } = new AccountFiles(stack.stateDir)
    rmSync(directory, { recursive: true })
    // Nothing has to be written for it to be noticed.
    const account = await stack.untilState('storage_error')
    expect(account.reason).toMatchObject({ code: 'storage_missing' })
    await stack.stopDaemon()
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })
})

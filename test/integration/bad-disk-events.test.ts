import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { startHarness, type Harness } from '../contract/support/control-harness.ts'
import { accountView } from '../contract/support/fake-ports.ts'
import { SmallDisk } from '../faults/small-disk.ts'
import { LogLines } from '../support/log-lines.ts'
import { MALLORY, OWNER, Stack } from '../support/stack.ts'
import { WireClient } from '../contract/support/wire-client.ts'

/** What a dashboard is told that comes back with this number. */
async function subscribe(
  stack: Stack,
  since: number,
): Promise<{ eventId: number; replayed: number; gap: boolean }> {
  const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
  try {
    const token = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    await client.request('session.authenticate', { token })
    const { eventId, replayed, gap } = await client.request('session.subscribe', { since })
    return { eventId: Number(eventId), replayed: Number(replayed), gap: gap === true }
  } finally {
    client.socket.terminate()
  }
}

const noSmallDisk = SmallDisk.obstacle(join(tmpdir(), `events-disk-${process.pid}`))

// The log holds events only. A daemon that would not start because of it, or that filled its own log with one complaint
// an event, would be worse than one that says that it does not know.
describe('the event log on a bad disk', () => {
  let stack: Stack | undefined
  afterEach(async () => {
    await stack?.stop()
    stack = undefined
  })

  describe.runIf(noSmallDisk === null)('that is full', () => {
    const start = async (): Promise<{ harness: Harness; disk: SmallDisk }> => {
      const disk = new SmallDisk(
        join(tmpdir(), `events-${process.pid}-${Math.random().toString(36).slice(2)}`),
      )
      disk.mount()
      onTestFinished(() => {
        disk.unmount()
        rmSync(disk.directory, { recursive: true, force: true })
      })
      return { harness: await startHarness({ directory: disk.directory }), disk }
    }
    const publish = (harness: Harness, from: number, to: number): void => {
      for (let attempt = from; attempt <= to; attempt += 1) {
        harness.hub.publish('account.status', accountView({ attempt }))
        harness.hub.flush()
      }
    }
    const complaints = (harness: Harness): string[] =>
      harness
        .log()
        .split('\n')
        .filter((line) => /"level":"(warn|error)"/.test(line))

    it('goes on live, complains once, tells who comes back everything, and stores it when there is room', async () => {
      const { harness, disk } = await start()
      publish(harness, 1, 50)
      disk.fill()
      const live = await harness.ready()
      await live.request('session.subscribe')
      publish(harness, 51, 600)
      await live.event('account.status', ({ eventId }) => eventId === 600)
      expect(complaints(harness)).toHaveLength(1)
      const back = await harness.ready()
      expect(await back.request('session.subscribe', { since: 40 })).toMatchObject({
        eventId: 600,
        replayed: 560,
        gap: false,
      })
      disk.free()
      await expect.poll(() => harness.log()).toContain('events are stored again')
      expect(harness.store.countAfter(0)).toBe(600)
      await harness.stop()
    })

    it('says gap when it had to drop events, also after a kill', async () => {
      const { harness, disk } = await start()
      publish(harness, 1, 50)
      disk.fill()
      publish(harness, 51, 1_600)
      expect(harness.hub.replay({ scopes: () => [], topics: null, deliver: () => {} }, 500)).toMatchObject({
        gap: true,
      })
      expect(complaints(harness)).toHaveLength(1)
      // The process dies here: it stores nothing any more.
      harness.store.stop()
      await harness.stop()
      disk.free()
      const again = await startHarness({ directory: disk.directory })
      publish(again, 1, 10)
      const client = await again.ready()
      expect(await client.request('session.subscribe', { since: 1_200 })).toMatchObject({ gap: true })
      expect(await client.request('session.subscribe', { since: 40 })).toMatchObject({ gap: true })
      const { eventId } = await client.request('session.subscribe', {})
      expect(eventId).toBeGreaterThan(1_600)
      expect(await client.request('session.subscribe', { since: Number(eventId) - 5 })).toMatchObject({
        replayed: 5,
        gap: false,
      })
      await again.stop()
    })
  })

  const damages: [name: string, damage: (file: string) => void][] = [
    ['garbage', (file) => writeFileSync(file, 'garbage'.repeat(1_000))],
    ['empty', (file) => truncateSync(file, 0)],
    ['cut in half', (file) => truncateSync(file, 4_096 + 100)],
    ['writable by others', (file) => chmodSync(file, 0o666)],
    [
      'made by a newer whatsappd',
      (file) => {
        const database = new DatabaseSync(file)
        database.exec('PRAGMA user_version=9')
        database.close()
      },
    ],
  ]
  for (const [name, damage] of damages) {
    it(`${name} at the start: set aside with a warning; the accounts are as they were`, async () => {
      const log = new LogLines()
      stack = await Stack.start({ logger: log.logger })
      await stack.link()
      await stack.stopDaemon()
      const file = join(stack.stateDir, 'daemon.db')
      damage(file)
      const damaged = readFileSync(file)
      await stack.startDaemon()
      await stack.untilState('connected')
      expect(log.complaints.filter((line) => line.includes('set aside'))).toHaveLength(1)
      expect(readFileSync(`${file}.damaged`).equals(damaged)).toBe(true)
      expect(await subscribe(stack, 3)).toMatchObject({ gap: true })
      await stack.alice.sendText(OWNER, 'still there')
      await stack.alice.waitForText('still there')
    })
  }

  it('damaged or removed while it is in use: begun anew, and the numbers go on', async () => {
    const log = new LogLines()
    stack = await Stack.start({ logger: log.logger })
    await stack.link()
    const file = join(stack.stateDir, 'daemon.db')
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    await stack.mallory.sendText(OWNER, 'knock')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    await expect.poll(() => existsSync(file)).toBe(true)
    const before = await subscribe(stack, 0)
    expect(before).toMatchObject({ gap: true })
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    await stack.untilEvent('message.delivered')
    const after = await subscribe(stack, before.eventId)
    expect(after.gap).toBe(false)
    expect(after.replayed).toBeGreaterThan(0)
    expect(log.complaints).toEqual([])
  })
})

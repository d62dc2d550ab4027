import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { ChatTimers } from '../../../../../src/transports/linked-device/outbound/chat-timers.ts'
import { openLinkCaches } from '../../../../../src/transports/linked-device/signal/link-caches.ts'

const NUMBER = '15550000002@s.whatsapp.net'
const LID = '7700002@lid'
const STRANGER = '99@lid'
const DAY = 86_400

function open(): { timers: ChatTimers; restart: () => ChatTimers; rows: () => number } {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-timers-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS, null)
  onTestFinished(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })
  let at = Date.now()
  const now = (): number => (at += 1)
  const lids = {
    lidOf: (number: string) => (number === '15550000002' ? '7700002' : null),
    numberOf: (lid: string) => (lid === '7700002' ? '15550000002' : null),
    ownNumber: '15550000001',
    isChanged: () => false,
  }
  const make = (): ChatTimers => {
    const { timers, passingTimers } = openLinkCaches(database, now)
    return new ChatTimers({ stored: timers, passing: passingTimers, lids, now })
  }
  const rows = (): number =>
    (database.prepare(`SELECT COUNT(*) AS n FROM caches WHERE cache = 'timers'`).get() as { n: number }).n
  return { timers: make(), restart: make, rows }
}

describe('ChatTimers', () => {
  it('knows a chat under both names of its person, by what was said last, also after a restart', () => {
    const { timers, restart } = open()
    timers.learn(LID, { expiration: DAY, ephemeralSettingTimestamp: 1_790_000_000 }, true)
    expect(timers.of(NUMBER)).toMatchObject({ seconds: DAY, setAt: 1_790_000_000 })
    timers.learn(NUMBER, { expiration: 7 * DAY }, true)
    expect(restart().of(LID)?.seconds).toBe(7 * DAY)
    timers.learn('15550000002:4@s.whatsapp.net', null, true)
    expect(timers.of(LID)?.seconds).toBe(0)
    expect(restart().of(LID)?.seconds).toBe(0)
  })

  it('writes nothing of chats without a timer, and of people who may not be kept', () => {
    const { timers, restart, rows } = open()
    timers.learn(NUMBER, null, true)
    timers.learn(STRANGER, { expiration: DAY }, false)
    expect(timers.of(STRANGER)?.seconds).toBe(DAY)
    expect(rows()).toBe(0)
    expect(restart().of(STRANGER)).toBeUndefined()
    timers.changed(STRANGER, { seconds: 7 * DAY, setAt: 2 })
    expect(timers.of(STRANGER)?.seconds).toBe(7 * DAY)
    expect(rows()).toBe(0)
  })

  // A timer that was switched on between a question and its answer was ignored in a chat that had none: the answer stayed.
  it('knows at once that a timer is switched on in a chat that had none, and keeps it with its next message', () => {
    const { timers, restart, rows } = open()
    timers.learn(NUMBER, null, true)
    timers.changed(NUMBER, { seconds: DAY, setAt: 1 })
    expect(timers.of(LID)).toMatchObject({ seconds: DAY, setAt: 1 })
    expect(rows()).toBe(0)
    timers.learn(LID, { expiration: DAY, ephemeralSettingTimestamp: 1 }, true)
    expect(restart().of(NUMBER)?.seconds).toBe(DAY)
    timers.changed('88@lid', { seconds: DAY, setAt: 1 })
    timers.changed('88@lid', { seconds: 0, setAt: 2 })
    expect(timers.of('88@lid')?.seconds).toBe(0)
  })

  it.each([-1, Number.NaN, 1e12])('takes %d seconds for none', (expiration) => {
    const { timers } = open()
    timers.learn(LID, { expiration: DAY }, true)
    timers.learn(LID, { expiration }, true)
    expect(timers.of(LID)?.seconds).toBe(0)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { WindowStore, type WindowRow } from '../../../../../src/transports/cloud-api/window/window-store.ts'
import { ConversationWindows } from '../../../../../src/transports/cloud-api/window/conversation-windows.ts'

const NOON = Date.UTC(2026, 10, 30, 12)
const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ANA = 'bsuid:AT.98aZ'
const ANAS_NUMBER = 'wa:4366412345'
const BOB = 'wa:15550002222'

let database: Database
let directory: string
let windows: ConversationWindows
/** What a person set the clock of the machine ahead of the time that has passed. */
let clockError: number
let changed: string[]
const aliases = new Map<string, string[]>()

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] })
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-windows-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  clockError = 0
  changed = []
  aliases.clear()
  windows = open()
})
afterEach(() => {
  windows.stop()
  database.close()
  rmSync(directory, { recursive: true, force: true })
  vi.useRealTimers()
})

function open(): ConversationWindows {
  const made = new ConversationWindows({
    database,
    aliasesOf: (address) => aliases.get(address) ?? [],
    changed: (address) => changed.push(address),
    logger: pino({ level: 'silent' }),
    now,
  })
  made.start()
  return made
}

const now = (): number => Date.now() + clockError
const wrote = (address: string, at = now(), freeUntil?: number): void =>
  database.transaction(() =>
    windows.opened(address, new Date(at), freeUntil === undefined ? undefined : new Date(freeUntil)),
  )
const text = { kind: 'message', part: { kind: 'text', text: 'hello' } } as const
const isOpen = (address: string): boolean => windows.refusal(address, text) === null

describe('the window of 24 hours', () => {
  it('is open until 23:59:59 after a message, and closed at 24:00:00', () => {
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([null, false])
    wrote(BOB)
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([NOON + DAY_MS, true])
    vi.advanceTimersByTime(DAY_MS - SECOND_MS)
    expect(isOpen(BOB)).toBe(true)
    vi.advanceTimersByTime(SECOND_MS)
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([NOON + DAY_MS, false])
    expect(windows.refusal(BOB, text)).toMatchObject({ outcome: 'refused', code: 'window_closed' })
  })

  it('lets templates out at any time, and nothing else', () => {
    const template = { kind: 'template', name: 'a', language: 'de', text: 'A', components: [] } as const
    expect(windows.refusal(BOB, { kind: 'message', part: template })).toBeNull()
    const chat = { kind: 'direct', address: BOB } as const
    const target = { chat, id: 'x', sender: BOB }
    expect(windows.refusal(BOB, { kind: 'reaction', emoji: '👍', target, at: new Date() })).not.toBeNull()
  })

  it('begins anew with each message, and tells of opening and closing', () => {
    wrote(BOB)
    vi.advanceTimersByTime(20 * HOUR_MS)
    wrote(BOB)
    vi.advanceTimersByTime(23 * HOUR_MS)
    expect(isOpen(BOB)).toBe(true)
    expect(changed).toEqual([BOB, BOB])
    vi.advanceTimersByTime(HOUR_MS)
    expect([isOpen(BOB), changed]).toEqual([false, [BOB, BOB, BOB]])
    wrote(BOB)
    expect([isOpen(BOB), changed.length]).toEqual([true, 4])
  })

  it('is the same after a restart, and closes what closed meanwhile', () => {
    wrote(BOB)
    vi.advanceTimersByTime(HOUR_MS)
    wrote(ANA)
    windows.stop()
    changed = []
    vi.setSystemTime(NOON + DAY_MS)
    windows = open()
    expect(changed).toEqual([BOB])
    expect([isOpen(BOB), isOpen(ANA), windows.closesAt(ANA)]).toEqual([false, true, NOON + HOUR_MS + DAY_MS])
    vi.advanceTimersByTime(HOUR_MS)
    expect([isOpen(ANA), changed]).toEqual([false, [BOB, ANA]])
  })

  it('has one timer for all of them, and none while nothing is open', () => {
    expect(vi.getTimerCount()).toBe(0)
    for (let person = 0; person < 50; person += 1) wrote(`wa:1555000${person}`)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(DAY_MS)
    expect([vi.getTimerCount(), changed.length]).toEqual([0, 100])
  })

  it('stays closed for a message that comes 25 hours late', () => {
    wrote(BOB, NOON - 25 * HOUR_MS)
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([NOON - HOUR_MS, false])
    wrote(BOB, NOON - HOUR_MS)
    // An older one that comes behind it changes nothing.
    wrote(BOB, NOON - 2 * HOUR_MS)
    expect(windows.closesAt(BOB)).toBe(NOON + 23 * HOUR_MS)
  })

  it('does not open again because the clock is set back', () => {
    wrote(BOB)
    vi.advanceTimersByTime(DAY_MS)
    expect(isOpen(BOB)).toBe(false)
    clockError = -10 * HOUR_MS
    expect(isOpen(BOB)).toBe(false)
  })

  it('is not longer because the clock is set back while it is open', () => {
    wrote(BOB)
    vi.advanceTimersByTime(HOUR_MS)
    clockError = -5 * HOUR_MS
    vi.advanceTimersByTime(23 * HOUR_MS - SECOND_MS)
    expect(isOpen(BOB)).toBe(true)
    vi.advanceTimersByTime(SECOND_MS)
    expect(isOpen(BOB)).toBe(false)
    wrote(BOB)
    expect(isOpen(BOB)).toBe(true)
  })

  it('counts from now for a message that this machine takes to be from the future', () => {
    wrote(BOB, NOON + 10 * DAY_MS)
    expect(windows.closesAt(BOB)).toBe(NOON + DAY_MS)
    windows.stop()
    vi.advanceTimersByTime(HOUR_MS)
    windows = open()
    expect(windows.closesAt(BOB)).toBe(NOON + DAY_MS)
  })

  it('is closed once Meta says so, until a later message', () => {
    wrote(BOB)
    windows.refused(BOB, now())
    expect([isOpen(BOB), windows.closesAt(BOB)]).toEqual([false, NOON])
    // The same message again.
    wrote(BOB, NOON)
    expect(isOpen(BOB)).toBe(false)
    vi.advanceTimersByTime(SECOND_MS)
    wrote(BOB)
    expect(isOpen(BOB)).toBe(true)
  })
})

it('stays open where Meta refused a message before the person wrote again', () => {
  wrote(BOB)
  vi.advanceTimersByTime(SECOND_MS)
  wrote(BOB)
  changed = []
  windows.refused(BOB, NOON)
  expect([isOpen(BOB), changed]).toEqual([true, []])
})

describe('a person with a number and an id', () => {
  beforeEach(() => {
    aliases.set(ANA, [ANAS_NUMBER])
    aliases.set(ANAS_NUMBER, [ANA])
  })

  it('has the later window of both', () => {
    wrote(ANAS_NUMBER, NOON - 20 * HOUR_MS)
    wrote(ANA, NOON - 2 * HOUR_MS)
    expect([windows.closesAt(ANA), windows.closesAt(ANAS_NUMBER)]).toEqual([
      NOON + 22 * HOUR_MS,
      NOON + 22 * HOUR_MS,
    ])
    windows.refused(ANAS_NUMBER, now())
    expect([isOpen(ANA), isOpen(ANAS_NUMBER)]).toEqual([false, false])
  })

  it('leaves nothing to whoever has the number afterwards', () => {
    wrote(ANAS_NUMBER)
    database.transaction(() => windows.forget(ANAS_NUMBER))
    aliases.clear()
    expect(windows.closesAt(ANAS_NUMBER)).toBeNull()
  })
})

describe('somebody who came from an advertisement', () => {
  it('costs nothing for 72 hours, in which the window is no longer than for others', () => {
    wrote(BOB, NOON, NOON + 72 * HOUR_MS)
    expect(windows.freeUntil(BOB)).toBe(NOON + 72 * HOUR_MS)
    vi.advanceTimersByTime(30 * HOUR_MS)
    expect([isOpen(BOB), windows.freeUntil(BOB)]).toEqual([false, NOON + 72 * HOUR_MS])
    wrote(BOB)
    vi.advanceTimersByTime(42 * HOUR_MS)
    expect(windows.freeUntil(BOB)).toBeNull()
  })
})

it('of too many people, those go first whose window is closed, and all that is known of them', () => {
  const store = new WindowStore(database)
  const row = (address: string, lastAt: number, closedAt: number | null = null): WindowRow => ({
    address,
    last_at: lastAt,
    closed_at: closedAt,
    free_until: null,
  })
  const gone = database.transaction(() => {
    const removed = store.set(row('open', 1))
    for (let person = 0; person < 20_000; person += 1)
      removed.push(...store.set(row(`wa:${person}`, 2 + person, person === 15_000 ? NOON : null)))
    for (let person = 0; person < 200; person += 1) removed.push(...store.set(row('wa:1', 2 + person)))
    return removed
  })
  expect(gone).toEqual(['wa:15000'])
  expect([store.find('open')?.address, store.find('wa:15000')]).toEqual(['open', undefined])
})

it('keeps 20,000 people, those who wrote last', () => {
  database.transaction(() => {
    for (let person = 0; person < 20_400; person += 1)
      windows.opened(`wa:${person}`, new Date(NOON - 30_000_000 + person))
  })
  const { rows } = database.prepare('SELECT count(*) AS rows FROM business_windows').get() as { rows: number }
  expect(rows).toBeLessThanOrEqual(20_200)
  expect([windows.closesAt('wa:0'), windows.closesAt('wa:20399')]).toEqual([
    null,
    NOON - 30_000_000 + 20_399 + DAY_MS,
  ])
})

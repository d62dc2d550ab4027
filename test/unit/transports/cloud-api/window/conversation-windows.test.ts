import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import {
  neverWrote,
  WindowStore,
  type WindowRow,
} from '../../../../../src/transports/cloud-api/window/window-store.ts'
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
let number: string
const allowed = new Set<string>()
const aliases = new Map<string, string[]>()

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] })
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-windows-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  clockError = 0
  changed = []
  aliases.clear()
  allowed.clear()
  number = '111'
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
    number: () => number,
    isAllowed: (address) => allowed.has(address),
    changed: (address) => changed.push(address),
    logger: pino({ level: 'silent' }),
    now,
  })
  made.start()
  return made
}

const now = (): number => Date.now() + clockError
const wrote = (
  address: string,
  at = now(),
  opening: Parameters<ConversationWindows['opened']>[2] = {},
): void => database.transaction(() => windows.opened(address, new Date(at), opening))
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
  type Answer = Parameters<ConversationWindows['answered']>[1]
  const cameByAd = (): void => wrote(BOB, now(), { isFreeEntry: true })
  const answered = (more: Partial<Answer> = {}): void =>
    database.transaction(() => windows.answered(BOB, { at: now(), isFree: null, until: null, ...more }))

  it('costs nothing for 72 hours from the answer, in which the window is no longer than for others', () => {
    cameByAd()
    expect(windows.freeUntil(BOB)).toBeNull()
    vi.advanceTimersByTime(HOUR_MS)
    changed = []
    answered()
    expect([windows.freeUntil(BOB), changed]).toEqual([NOON + 73 * HOUR_MS, [BOB]])
    // A further answer makes it no longer, and neither does what they write.
    vi.advanceTimersByTime(29 * HOUR_MS)
    answered()
    wrote(BOB)
    expect(windows.freeUntil(BOB)).toBe(NOON + 73 * HOUR_MS)
    windows.stop()
    windows = open()
    vi.advanceTimersByTime(43 * HOUR_MS - SECOND_MS)
    expect([isOpen(BOB), windows.freeUntil(BOB)]).toEqual([false, NOON + 73 * HOUR_MS])
    vi.advanceTimersByTime(SECOND_MS)
    expect(windows.freeUntil(BOB)).toBeNull()
  })

  it.each([
    [24 * HOUR_MS, true],
    [24 * HOUR_MS + SECOND_MS, false],
  ])('answered after %i ms: %s', (afterMs, isFree) => {
    cameByAd()
    vi.advanceTimersByTime(afterMs)
    answered()
    expect(windows.freeUntil(BOB)).toBe(isFree ? NOON + afterMs + 72 * HOUR_MS : null)
  })

  it('is charged where Meta says so, and free for as long as Meta says', () => {
    cameByAd()
    answered()
    answered({ isFree: false })
    expect(windows.freeUntil(BOB)).toBeNull()
    answered({ isFree: true, until: NOON + 60 * HOUR_MS })
    expect(windows.freeUntil(BOB)).toBe(NOON + 60 * HOUR_MS)
  })

  it('is not answered by what left before they came, nor is anybody else free', () => {
    wrote(BOB, NOON - HOUR_MS)
    cameByAd()
    answered({ at: NOON - SECOND_MS })
    expect(windows.freeUntil(BOB)).toBeNull()
    database.transaction(() => windows.answered(ANA, { at: now(), isFree: null, until: null }))
    expect(windows.freeUntil(ANA)).toBeNull()
  })

  it('by another advertisement is free again only once the first 72 hours are over', () => {
    cameByAd()
    answered()
    vi.advanceTimersByTime(71 * HOUR_MS)
    cameByAd()
    answered()
    expect(windows.freeUntil(BOB)).toBe(NOON + 72 * HOUR_MS)
    vi.advanceTimersByTime(HOUR_MS)
    answered()
    expect(windows.freeUntil(BOB)).toBe(NOON + 144 * HOUR_MS)
  })
})

it('of too many people, those go first whose window is closed, and all that is known of them', () => {
  const store = new WindowStore(database, { number: () => '111', isAllowed: () => false })
  const row = (address: string, lastAt: number, closedAt: number | null = null): WindowRow => ({
    ...neverWrote(address),
    last_at: lastAt,
    closed_at: closedAt,
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

// Whoever may write lost the row of their window to 20,000 strangers, and was not answered any more.
it('strangers take no place from people who may write, also from those who may only since then', () => {
  const writes = (from: number, to: number): void =>
    database.transaction(() => {
      for (let person = from; person < to; person += 1)
        windows.opened(`wa:${person}`, new Date(NOON - 30_000_000 + person))
    })
  allowed.add(ANA)
  wrote(ANA, NOON - 31_000_000)
  wrote(BOB, NOON - 31_000_000)
  writes(0, 300)
  allowed.add(BOB)
  writes(300, 40_400)
  expect([isOpen(ANA), isOpen(BOB), isOpen('wa:0')]).toEqual([true, true, false])
  const { rows } = database.prepare('SELECT count(*) AS rows FROM business_windows').get() as { rows: number }
  expect(rows).toBeLessThanOrEqual(20_202)
})

it('of those who may write there are 20,000, too, and who may no longer goes first', () => {
  const writes = (from: number, to: number): void =>
    database.transaction(() => {
      for (let person = from; person < to; person += 1) {
        allowed.add(`wa:${person}`)
        windows.opened(`wa:${person}`, new Date(NOON - 50_000_000 + person))
      }
    })
  writes(0, 40_200)
  const count = (): number =>
    (database.prepare('SELECT count(*) AS rows FROM business_windows').get() as { rows: number }).rows
  expect(count()).toBeGreaterThan(20_200)
  const oldest = database
    .prepare('SELECT address FROM business_windows WHERE is_allowed = 1 ORDER BY last_at LIMIT 2')
    .all() as { address: string }[]
  const [first = { address: '' }, second = { address: '' }] = oldest
  allowed.delete(second.address)
  writes(40_200, 42_000)
  expect(count()).toBeLessThanOrEqual(40_200)
  expect([windows.closesAt(first.address) === null, windows.closesAt(second.address)]).toEqual([true, null])
})

describe('another number of the account', () => {
  const becomes = (id: string): void => {
    const isFirst = number === ''
    number = id
    database.transaction(() => windows.numberChanged(isFirst))
  }

  it('has been written to by nobody; the former one was, should it come back', () => {
    wrote(BOB)
    becomes('222')
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([null, false])
    vi.advanceTimersByTime(HOUR_MS)
    wrote(BOB)
    expect(windows.closesAt(BOB)).toBe(NOON + HOUR_MS + DAY_MS)
    becomes('111')
    expect([windows.closesAt(BOB), isOpen(BOB)]).toEqual([NOON + DAY_MS, true])
    // Who is forgotten is so for both.
    database.transaction(() => windows.forget(BOB))
    becomes('222')
    expect([windows.closesAt(BOB), windows.knows([BOB])]).toEqual([null, false])
  })

  // The row of the former number went because there were too many, and took the one of today with it.
  it('keeps what it has of a person, whose row of the former number goes', () => {
    wrote(BOB, NOON - 20 * HOUR_MS)
    becomes('222')
    wrote(BOB)
    database.transaction(() => {
      for (let person = 0; person < 20_400; person += 1)
        windows.opened(`wa:${person}`, new Date(NOON - 19 * HOUR_MS + person))
    })
    expect(windows.closesAt(BOB)).toBe(NOON + DAY_MS)
    becomes('111')
    expect(windows.closesAt(BOB)).toBeNull()
  })

  it('that is the first one known has what was kept before', () => {
    number = ''
    wrote(BOB)
    becomes('111')
    expect(windows.closesAt(BOB)).toBe(NOON + DAY_MS)
  })
})

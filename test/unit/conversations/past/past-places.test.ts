import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { PastPlaces } from '../../../../src/conversations/past/past-places.ts'
import { InboxStore } from '../../../../src/conversations/store/inbox-store.ts'
import { identityOf } from '../../../../src/conversations/store/person.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const LINKED = 1_795_000_000_000
const SECOND = 1_000

describe('places of messages from before the link', () => {
  let directory: string
  let database: Database
  let places: PastPlaces
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'past-places-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    places = new PastPlaces(database)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  let count = 0
  const store = (at: number, place?: number): number => {
    count += 1
    const row = {
      conversation: 1,
      state: 'recorded',
      receivedAt: at,
      ...(place !== undefined && { place }),
    } as const
    const message = {
      chat: { kind: 'direct', address: 'a' },
      id: `M${count}`,
      sender: identityOf('+15550000002'),
      content: { kind: 'unsupported', what: 'poll' },
      mentionsUs: false,
      sentAt: new Date(at),
      arrival: 'offline',
    } as const
    return new InboxStore(database).insert(message, row) ?? -1
  }
  const past = (at: number): number => {
    const place = places.placeOf(at)
    return place === null ? -1 : store(at, place)
  }

  it('are behind what is there, before what comes, and in the order of their time', () => {
    const former = store(LINKED - 100 * SECOND)
    places.reserve(LINKED)
    const live = store(LINKED + SECOND)
    const older = past(LINKED - 60 * SECOND)
    const newer = past(LINKED - SECOND)
    const oldest = past(LINKED - 86_400 * SECOND)
    expect([former, oldest, older, newer, live]).toEqual(
      [former, oldest, older, newer, live].toSorted((one, other) => (one ?? 0) - (other ?? 0)),
    )
  })

  it('are found for many messages of one second, the one that is handed over first above the others', () => {
    places.reserve(LINKED)
    const found = Array.from({ length: 40 }, () => past(LINKED - 5 * SECOND))
    expect(new Set(found).size).toBe(40)
    expect(found).toEqual(found.toSorted((one, other) => other - one))
  })

  it('are none without a link that wants them, and for what is older than anything that is kept', () => {
    expect(places.placeOf(LINKED)).toBeNull()
    places.reserve(LINKED)
    expect(places.areReserved).toBe(true)
    expect(places.placeOf(LINKED - 3_651 * 86_400 * SECOND)).toBeNull()
    places.close()
    expect(places.placeOf(LINKED)).toBeNull()
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { LidDirectory } from '../../../../../src/transports/linked-device/identity/lid-directory.ts'

const NUMBER = '15550000002'

describe('a number whose LID is another one than before', () => {
  let path: string
  let database: Database
  let directory: LidDirectory
  let changes: { phoneNumber: string; former: string; lid: string }[]

  const open = (): void => {
    changes = []
    directory = new LidDirectory({
      database,
      now: () => 1,
      me: () => ({ id: '15550000001:4@s.whatsapp.net', lid: '66:4@lid' }),
      learned: () => undefined,
      changed: (change) => changes.push(change),
    })
  }
  const learn = (lid: string): void => directory.learn([{ phoneNumber: NUMBER, lid }])

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'whatsappd-lids-'))
    database = Database.open(join(path, 'account.db'), ACCOUNT_MIGRATIONS)
    open()
    learn('100')
  })
  afterEach(() => {
    database.close()
    rmSync(path, { recursive: true, force: true })
  })

  it('is nobody new where the answer is the same', () => {
    learn('100')
    expect(directory.isChanged(NUMBER)).toBe(false)
    expect(changes).toEqual([])
  })

  it('is in doubt, also after a restart, until WhatsApp has answered', () => {
    directory.doubt(NUMBER)
    open()
    expect(directory.isInDoubt(NUMBER)).toBe(true)
    learn('100')
    expect(directory.isInDoubt(NUMBER)).toBe(false)
  })

  it('is somebody else until they are allowed, however often WhatsApp says so', () => {
    learn('200')
    learn('200')
    expect(changes).toEqual([{ phoneNumber: NUMBER, former: '100', lid: '200' }])
    expect(directory.changedNumbers).toEqual([NUMBER])
    open()
    expect(directory.isChanged(NUMBER)).toBe(true)
    expect(directory.lidOf(NUMBER)).toBe('200')
    directory.allow([NUMBER])
    learn('200')
    expect(directory.isChanged(NUMBER)).toBe(false)
  })

  it('is who they were where the first LID comes back', () => {
    learn('200')
    learn('300')
    expect(directory.isChanged(NUMBER)).toBe(true)
    learn('100')
    expect(directory.isChanged(NUMBER)).toBe(false)
    expect(changes).toHaveLength(3)
  })

  it('changes nothing where what must follow it fails', () => {
    const failing = new LidDirectory({
      database,
      now: () => 1,
      me: () => undefined,
      learned: () => undefined,
      changed: () => {
        throw new Error('the disk refused')
      },
    })
    expect(() => failing.learn([{ phoneNumber: NUMBER, lid: '200' }])).toThrow('the disk refused')
    expect(directory.lidOf(NUMBER)).toBe('100')
  })
})

describe('what the directory says', () => {
  let path: string
  let database: Database
  let directory: LidDirectory
  let reads: number
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'whatsappd-lids-'))
    database = Database.open(join(path, 'account.db'), ACCOUNT_MIGRATIONS)
    directory = new LidDirectory({
      database,
      now: () => 1,
      me: () => undefined,
      learned: () => undefined,
    })
    const prepare = database.prepare.bind(database)
    vi.spyOn(database, 'prepare').mockImplementation((sql) => {
      if (sql.startsWith('SELECT')) reads += 1
      return prepare(sql)
    })
    directory.learn([{ phoneNumber: NUMBER, lid: '100' }])
    reads = 0
  })
  afterEach(() => {
    database.close()
    rmSync(path, { recursive: true, force: true })
  })

  const all = (): unknown[] => [
    directory.lidOf(NUMBER),
    directory.numberOf('100'),
    directory.isChanged(NUMBER),
    directory.confirmedAt(NUMBER),
  ]

  it('is read once for each person, however often it is asked', () => {
    for (let time = 0; time < 10; time += 1) expect(all()).toEqual(['100', NUMBER, false, 1])
    expect(reads).toBe(2)
  })

  it.each<[string, () => void, unknown[]]>([
    ['learned', () => directory.learn([{ phoneNumber: NUMBER, lid: '200' }]), ['200', null, true, 1]],
    [
      'learned of another number, also inside of the transaction',
      () =>
        database.transaction(() => {
          directory.learn([{ phoneNumber: '15550000003', lid: '100' }])
          expect(directory.lidOf('15550000003')).toBe('100')
        }),
      ['100', NUMBER, false, 1],
    ],
    ['doubted', () => directory.doubt(NUMBER), ['100', NUMBER, false, 0]],
    [
      'allowed',
      () => {
        directory.learn([{ phoneNumber: NUMBER, lid: '200' }])
        expect(directory.isChanged(NUMBER)).toBe(true)
        directory.allow([NUMBER])
      },
      ['200', null, false, 1],
    ],
    ['forgotten', () => directory.forgetUnchanged(), [null, null, false, null]],
    ['erased', () => directory.erase(), [null, null, false, null]],
  ])('is what was %s last', (_name, write, expected) => {
    all()
    directory.lidOf('15550000003')
    write()
    expect(all()).toEqual(expected)
  })

  it('is the former where what was learned was rolled back', () => {
    expect(() =>
      database.transaction(() => {
        directory.learn([{ phoneNumber: NUMBER, lid: '200' }])
        expect(directory.lidOf(NUMBER)).toBe('200')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(all()).toEqual(['100', NUMBER, false, 1])
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

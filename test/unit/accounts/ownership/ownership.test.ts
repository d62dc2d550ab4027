import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHostIdentity, type HostIdentity } from '../../../../src/accounts/ownership/host-identity.ts'
import { Ownership } from '../../../../src/accounts/ownership/ownership.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const HERE: HostIdentity = { instanceId: 'here', bootId: 'boot-1', hostname: 'machine' }
const ELSEWHERE: HostIdentity = { ...HERE, instanceId: 'elsewhere' }

describe('whose link it is', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ownership-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  /** One life of a process on the same file. */
  const life = (host: HostIdentity, act: (ownership: Ownership) => void = () => {}): boolean => {
    const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    const ownership = new Ownership({
      database,
      host,
      logger: pino({ level: 'silent' }),
      now: Date.now,
      storageFailed: (error) => {
        throw error
      },
    })
    const { isCopy } = ownership
    ownership.start(true)
    act(ownership)
    ownership.stop()
    database.close()
    return isCopy
  }

  it('is of the first who opens it, and of the same instance after another boot', () => {
    expect(life(HERE)).toBe(false)
    expect(life({ ...HERE, bootId: 'boot-2', hostname: 'renamed' })).toBe(false)
    expect(life(HERE)).toBe(false)
  })

  it("stays the original's, however often a copy starts, until it is claimed", () => {
    life(HERE)
    expect(life(ELSEWHERE)).toBe(true)
    expect(life(ELSEWHERE, (ownership) => ownership.claim())).toBe(true)
    expect(life(ELSEWHERE)).toBe(false)
    expect(life(HERE)).toBe(true)
  })

  it('is a copy as well where the name is missing that it had', () => {
    life(HERE)
    expect(life({ ...HERE, instanceId: null })).toBe(true)
  })

  it('is no copy where names are only introduced', () => {
    life({ ...HERE, instanceId: null })
    expect(life(HERE)).toBe(false)
    expect(life(ELSEWHERE)).toBe(true)
  })

  it('is of whoever opens it while nothing is linked', () => {
    life(HERE)
    const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    const logger = pino({ level: 'silent' })
    const ownership = new Ownership({
      database,
      host: ELSEWHERE,
      logger,
      now: Date.now,
      storageFailed: () => {},
    })
    ownership.start(false)
    expect(ownership.isCopy).toBe(false)
    ownership.stop()
    database.close()
  })

  it('takes the name from the config, then from the environment', () => {
    expect(readHostIdentity('a', { WHATSAPPD_INSTANCE_ID: 'b' }).instanceId).toBe('a')
    expect(readHostIdentity(null, { WHATSAPPD_INSTANCE_ID: ' b ' }).instanceId).toBe('b')
    expect(readHostIdentity(null, { WHATSAPPD_INSTANCE_ID: '' }).instanceId).toBeNull()
    expect(readHostIdentity(null, {}).hostname).not.toBe('')
  })
})

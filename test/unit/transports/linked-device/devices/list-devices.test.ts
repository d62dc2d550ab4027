import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WASocket } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { listDevices } from '../../../../../src/transports/linked-device/devices/list-devices.ts'
import { StoredCache } from '../../../../../src/transports/linked-device/signal/stored-cache.ts'

const ANNA = '111111111111111@lid'
const BORIS = '222222222222222@lid'
const userOf = (jid: string): string => jid.slice(0, jid.indexOf('@'))

type Question = Pick<WASocket, 'authState' | 'getUSyncDevices'>

describe('the devices of several users', () => {
  let directory = ''
  let database: Database
  let lists: StoredCache

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lists-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    lists = new StoredCache({ database, name: 'devices', limit: 10, ttlMs: 60_000 })
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  /** WhatsApp's answers, each remembered as Baileys remembers it; `answered` runs before the caller has it. */
  const question = (known: readonly string[], answered: () => void = () => {}): Question => {
    const authState = { creds: { me: { id: '15550000001:3@s.whatsapp.net', lid: '333333333333333:3@lid' } } }
    const getUSyncDevices: WASocket['getUSyncDevices'] = (jids) => {
      const devices = jids.filter((jid) => known.includes(jid)).map((jid) => ({ jid, user: userOf(jid) }))
      for (const { user } of devices) lists.set(user, [{ user, server: 'lid', device: 0 }])
      answered()
      return Promise.resolve(devices as Awaited<ReturnType<WASocket['getUSyncDevices']>>)
    }
    // Nothing else of the two is looked at.
    return { authState: authState as unknown as WASocket['authState'], getUSyncDevices }
  }

  it('remembers that WhatsApp says nothing about one of them', async () => {
    await listDevices(question([BORIS]), [ANNA, BORIS], lists)
    expect(lists.get(userOf(ANNA))).toEqual([])
  })

  it('does not take a list that was forgotten meanwhile for one that WhatsApp does not have', async () => {
    // Another message went to other devices than Anna has: her list is asked for again.
    const forgetAnna = (): void => lists.del(userOf(ANNA))
    const devices = await listDevices(question([ANNA, BORIS], forgetAnna), [ANNA, BORIS], lists)
    expect(devices.get(userOf(ANNA))?.map(({ jid }) => jid)).toEqual([ANNA])
    expect(lists.get(userOf(ANNA))).toBeUndefined()
  })
})

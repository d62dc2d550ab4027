import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BinaryNode,
  type Contact,
  getBinaryNodeChild,
  type GroupMetadata,
} from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { removeForeignRetry } from '../../../../../src/transports/linked-device/signal/foreign-retries.ts'
import { GroupDirectory } from '../../../../../src/transports/linked-device/groups/group-directory.ts'

const GROUP = '120363000000000001@g.us'
const ME: Contact = { id: '15550000001:4@s.whatsapp.net', lid: '66:4@lid' }

// Baileys fetches keys for whoever sends a retry receipt; in a group, where anybody could be named, it encrypts the
// message anew for them.
describe('a request to send a message again', () => {
  let directory: string
  let database: Database
  let groups: GroupDirectory

  const metadata = (...members: { id: string; phoneNumber?: string }[]): GroupMetadata =>
    // What the directory reads of it.
    ({ id: GROUP, participants: members }) as unknown as GroupMetadata
  const receipt = (attrs: Record<string, string>): BinaryNode => ({
    tag: 'receipt',
    attrs: { id: 'OUT1', type: 'retry', from: GROUP, ...attrs },
    content: [{ tag: 'retry', attrs: { count: '1', id: 'OUT1' } }],
  })
  const isHeard = (attrs: Record<string, string>, me: Contact = ME): boolean => {
    const node = receipt(attrs)
    // Somebody has read the stanza before: Baileys remembers its children from then on.
    getBinaryNodeChild(node, 'count')
    removeForeignRetry(node, {
      groups,
      me,
      isSent: (id, chat) => id === 'OUT1' && [GROUP, '77@lid'].includes(chat),
    })
    // As Baileys reads it.
    return getBinaryNodeChild(node, 'retry') !== undefined
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-groups-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    groups = new GroupDirectory(database, Date.now, () => {})
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('is heard from members alone, under each of their names and on each device', () => {
    groups.learn(metadata({ id: '77@lid', phoneNumber: '15550000002@s.whatsapp.net' }, { id: '88@lid' }))
    expect(isHeard({ participant: '77:3@lid' })).toBe(true)
    expect(isHeard({ participant: '15550000002@s.whatsapp.net' })).toBe(true)
    expect(isHeard({ participant: '99@lid' })).toBe(false)
    expect(isHeard({ from: '120363000000000002@g.us', participant: '77@lid' })).toBe(false)
    expect(isHeard({})).toBe(false)
    expect(isHeard({ participant: '77@lid', id: 'OUT2' })).toBe(false)
  })

  it('is heard in a direct chat from whom it was sent to, and from the account itself', () => {
    expect(isHeard({ from: '77@lid' })).toBe(true)
    expect(isHeard({ from: '77@lid', id: 'OUT2' })).toBe(false)
    expect(isHeard({ from: '88@lid' })).toBe(false)
    // A copy for our own devices: they name the chat as its recipient.
    for (const from of ['15550000001@s.whatsapp.net', '66@lid', '66:2@lid'])
      expect(isHeard({ from, id: 'OUT2', recipient: '88@lid' })).toBe(true)
  })

  // The keys in such a request were taken for those of whom it named.
  it('is heard from nobody who names somebody else in a direct chat', () => {
    for (const participant of ['88@lid', '66:2@lid', '15550000001@s.whatsapp.net'])
      expect(isHeard({ from: '77@lid', participant })).toBe(false)
    expect(isHeard({ from: '77@lid', participant: '77:2@lid' })).toBe(true)
  })

  it('is heard after a restart, and no more from somebody who left', () => {
    groups.learn(metadata({ id: '77@lid' }, { id: '88@lid' }))
    groups = new GroupDirectory(database, Date.now, () => {})
    expect(groups.fresh(GROUP)).toBeUndefined()
    expect(isHeard({ participant: '88@lid' })).toBe(true)
    expect(groups.hasLostSomebody(metadata({ id: '77@lid' }, { id: '99@lid' }))).toBe(true)
    groups.learn(metadata({ id: '77@lid' }, { id: '99@lid' }))
    expect(isHeard({ participant: '88@lid' })).toBe(false)
    expect(groups.hasLostSomebody(metadata({ id: '77@lid' }, { id: '99@lid' }))).toBe(false)
  })

  it('is not heard from an address that says nothing, by an account without a LID', () => {
    expect(isHeard({ from: 'nobody' }, { id: ME.id })).toBe(false)
  })
})

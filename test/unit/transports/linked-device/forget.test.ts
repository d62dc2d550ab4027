/** What a linked device keeps of what people wrote, and forgets when somebody asks for that. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { DisplayNames } from '../../../../src/transports/linked-device/identity/display-names.ts'
import { MessageJournal } from '../../../../src/transports/linked-device/inbound/message-journal.ts'
import { KnownPolls } from '../../../../src/transports/linked-device/polls/known-polls.ts'
import { rawWords } from '../../../support/raw-search.ts'

const ME = { id: '15550000001:3@s.whatsapp.net' }
const ANN = '9000000000001@lid'
const BOB = '9000000000002@lid'

describe('a linked device that forgets somebody', () => {
  let directory = ''
  let database: Database
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'forget-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const stanza = (id: string, from: string) => ({
    tag: 'message',
    attrs: { id, from },
    content: [{ tag: 'enc', attrs: { type: 'msg' }, content: Buffer.from(`ciphertext ${id}`) }],
  })
  const sealed = (id: string) => ({ type: 'msg', bytes: Buffer.from(`ciphertext ${id}`) })

  it('erases plaintexts that have no verdict yet, and takes the same message in when it is sent again', () => {
    const journal = new MessageJournal(database, () => 1)
    for (const [id, from, text] of [
      ['A', ANN, 'annsword'],
      ['B', BOB, 'bobsword'],
    ] as const) {
      journal.keepStanza(stanza(id, from), ME)
      journal.keepPlaintext(sealed(id), Buffer.from(text))
    }
    expect(journal.keepsWordsOf([ANN])).toBe(true)
    journal.erase([ANN])
    expect([journal.keepsWordsOf([ANN]), journal.keepsWordsOf([BOB])]).toEqual([false, true])
    expect(database.rewrite()).toBe(true)
    expect(rawWords(directory, ['annsword'])).toEqual([])
    expect(Buffer.from(journal.plaintext(sealed('B'), () => true) ?? '').toString()).toBe('bobsword')
    // The very same bytes decrypt to nothing; Bob's stanza is the only open one.
    expect(journal.plaintext(sealed('A'), () => true)).toHaveLength(1)
    expect(database.prepare(`SELECT author FROM stanza_journal WHERE state = 'open'`).all()).toEqual([
      { author: BOB },
    ])
    journal.keepStanza(stanza('A', ANN), ME)
    expect(database.prepare(`SELECT state FROM stanza_journal WHERE author = ?`).all(ANN)).toEqual([
      { state: 'open' },
    ])
  })

  it('erases polls that they made, and ours with these ids', () => {
    const polls = new KnownPolls(database)
    const keep = (messageId: string, title: string, author: string): void =>
      polls.keep({
        messageId,
        kind: 'poll',
        secret: Buffer.alloc(32, messageId),
        title,
        options: [],
        authors: [author],
      })
    keep('P1', 'annsword', ANN)
    keep('P2', 'ourword', '15550000001@s.whatsapp.net')
    keep('P3', 'bobsword', BOB)
    expect(polls.keepsWordsOf([ANN])).toBe(true)
    polls.erase([ANN], ['P2'])
    expect([polls.keepsWordsOf([ANN]), polls.keepsWordsOf([BOB])]).toEqual([false, true])
    database.rewrite()
    expect(rawWords(directory, ['annsword', 'ourword'])).toEqual([])
    expect(polls.find('P3', 'poll')).toHaveLength(1)
  })

  it('forgets what they call themselves', () => {
    const names = new DisplayNames()
    names.learn({ key: { remoteJid: ANN, fromMe: false, id: '1' }, pushName: 'Ann' })
    names.forget([ANN])
    expect(names.of('9000000000001')).toBeNull()
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { NO_HOLD } from '../../../../src/conversations/takeover/hold.ts'
import { HoldStore } from '../../../../src/conversations/takeover/hold-store.ts'
import { ChatStates } from '../../../../src/conversations/store/chat-states.ts'
import { readHistory } from '../../../../src/conversations/history/history.ts'
import {
  type Conversation,
  ConversationStore,
} from '../../../../src/conversations/store/conversation-store.ts'
import { identity } from '../../../support/identity.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const NUMBER = '+15550001111'
const OTHER_NUMBER = '+15550002222'
const LID = '700000000000001@lid'
const BY_NUMBER = '15550001111@s.whatsapp.net'
const GROUP = '120363000000000001@g.us'

let directory = ''
let database: Database
let store: ConversationStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'conversations-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  store = new ConversationStore(database)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const from = (address: string, phoneNumber: string | null = null): Conversation =>
  database.transaction(() => store.of({ kind: 'direct', address }, identity(address, phoneNumber)))
const inGroup = (): Conversation =>
  database.transaction(() => store.of({ kind: 'group', address: GROUP }, identity(LID, null)))
const learn = (address: string, phoneNumber: string): unknown =>
  database.transaction(() => store.numberLearned(address, phoneNumber))
const add = (table: string, row: Record<string, string | number | null>): number =>
  database.transaction(() => {
    const columns = Object.keys(row)
    const result = database
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...Object.values(row))
    return Number(result.lastInsertRowid)
  })
let ids = 0
const said = (conversation: Conversation, sender: string, text: string, id = `M${(ids += 1)}`): number =>
  add('inbox', {
    conversation: conversation.id,
    sender,
    message_id: id,
    kind: 'text',
    chat: 'c',
    chat_kind: 'direct',
    text,
    sent_at: 0,
    received_at: 0,
    arrival: 'live',
    state: 'recorded',
  })
const answered = (conversation: Conversation, afterInbox: number, text: string): number =>
  add('outbox', {
    conversation: conversation.id,
    message_id: `M${(ids += 1)}`,
    chat: 'c',
    kind: 'reply',
    after_inbox: afterInbox,
    text,
    prefix_length: 0,
    state: 'read',
    queued_at: 0,
  })
const historyOf = (conversation: Conversation): string[] =>
  readHistory(database, { conversation, before: 1_000, limit: 100, clockOffsetMs: 0 }, () => false).map(
    ({ text }) => text,
  )

it('a number that is somebody else now leads to nothing of its former owner, in direct chats', () => {
  const former = from(BY_NUMBER, NUMBER)
  answered(former, said(former, NUMBER, 'a question'), 'an answer')
  database.transaction(() => {
    for (const table of ['inbox', 'outbox']) database.prepare(`UPDATE ${table} SET chat = ?`).run(BY_NUMBER)
  })
  const group = inGroup()
  said(group, NUMBER, 'in the group')
  database.transaction(() => {
    database.prepare(`UPDATE inbox SET chat_kind = 'group' WHERE conversation = ?`).run(group.id)
    store.numberLost(NUMBER, LID)
  })
  const chats = 'SELECT chat FROM inbox UNION ALL SELECT chat FROM outbox'
  expect(database.prepare(chats).all()).toEqual([{ chat: LID }, { chat: 'c' }, { chat: LID }])
})

describe('a conversation', () => {
  it('is found again under every address that was proven to lead to it', () => {
    const { id } = from(LID, NUMBER)
    expect(from(BY_NUMBER, NUMBER).id).toBe(id)
    expect(store.at(LID)).toEqual({ id, kind: 'direct', name: NUMBER })
    expect(store.at(BY_NUMBER)?.id).toBe(id)
    expect(store.at(NUMBER)?.id).toBe(id)
    expect(inGroup()).toMatchObject({ kind: 'group', name: GROUP })
    expect(store.at(OTHER_NUMBER)).toBeUndefined()
  })

  it('remembers ten addresses, the name among them', () => {
    for (let index = 0; index < 30; index += 1) from(`${index}@lid`, NUMBER)
    expect(database.prepare('SELECT count(*) AS n FROM conversation_addresses').get()).toEqual({ n: 10 })
    expect(store.at(NUMBER)).toBeDefined()
    expect(store.at('29@lid')).toBeDefined()
    expect(store.at('0@lid')).toBeUndefined()
  })

  it('keeps its id when the number of its person becomes known', () => {
    const before = from(LID)
    said(before, LID, 'hello')
    expect(learn(LID, NUMBER)).toBe('renamed')
    expect(from(LID, NUMBER)).toEqual({ ...before, name: NUMBER })
    expect(database.prepare('SELECT sender FROM inbox').all()).toEqual([{ sender: NUMBER }])
  })

  it('of another person who has the address now is another one', () => {
    const before = from(LID, NUMBER)
    said(before, NUMBER, 'a secret')
    expect(learn(LID, OTHER_NUMBER)).toBeNull()
    const after = from(LID, OTHER_NUMBER)
    expect(after.id).not.toBe(before.id)
    expect(store.at(LID)).toEqual(after)
    expect(historyOf(after)).toEqual([])
    expect(historyOf(before)).toEqual(['a secret'])
  })

  it('is forgotten with the last row that belongs to it', () => {
    const [kept, empty] = [from(LID), from(OTHER_NUMBER, OTHER_NUMBER)]
    const message = said(kept, LID, 'hello')
    store.forgetEmpty([kept.id, empty.id])
    expect([store.find(kept.id), store.find(empty.id)]).toEqual([kept, undefined])
    database.transaction(() => database.prepare('DELETE FROM inbox WHERE sequence = ?').run(message))
    store.forgetEmpty([kept.id])
    expect(database.prepare('SELECT address FROM conversation_addresses').all()).toEqual([])
  })
})

describe('two conversations that turn out to be with one person', () => {
  it('become one, with the messages of both in their order', () => {
    const byLid = from(LID)
    const first = said(byLid, LID, 'one')
    const byNumber = from(BY_NUMBER, NUMBER)
    const second = said(byNumber, NUMBER, 'two')
    said(byLid, LID, 'three')
    answered(byNumber, second, 'second')
    answered(byLid, first, 'first')
    expect(learn(LID, NUMBER)).toEqual({ from: byLid.id, into: byNumber.id })
    expect(store.find(byLid.id)).toEqual(byNumber)
    expect(from(LID, NUMBER)).toEqual(byNumber)
    expect(historyOf(byNumber)).toEqual(['one', 'first', 'two', 'second', 'three'])
  })

  it('keep one copy of a message that came under both names', () => {
    const byLid = from(LID)
    said(byLid, LID, 'hello', 'SAME')
    const byNumber = from(BY_NUMBER, NUMBER)
    said(byNumber, NUMBER, 'hello', 'SAME')
    learn(LID, NUMBER)
    expect(historyOf(byNumber)).toEqual(['hello'])
  })

  it('take their turns, notices and chosen agents with them, the newest of two', () => {
    const [byLid, byNumber] = [from(LID), from(BY_NUMBER, NUMBER)]
    for (const [index, { id }] of [byLid, byNumber].entries()) {
      add('turns', {
        id: `T${index}`,
        conversation: id,
        chat: 'c',
        chat_kind: 'direct',
        state: 'open',
        opened_at: 0,
      })
      add('notices', { conversation: id, notice: 'failed', sent_at: 10 - index })
    }
    add('chosen_agents', { conversation: byLid.id, person: LID, agent: 'new', last_at: 2 })
    add('chosen_agents', { conversation: byNumber.id, person: NUMBER, agent: 'old', last_at: 1 })
    learn(LID, NUMBER)
    const all = (sql: string): unknown[] => database.prepare(sql).all()
    expect(all(`SELECT id FROM turns WHERE conversation = ${byNumber.id} ORDER BY sequence`)).toEqual([
      { id: 'T0' },
      { id: 'T1' },
    ])
    expect(all('SELECT * FROM notices')).toEqual([
      { conversation: byNumber.id, notice: 'failed', sent_at: 10 },
    ])
    expect(all('SELECT * FROM chosen_agents')).toEqual([
      { conversation: byNumber.id, person: NUMBER, agent: 'new', last_at: 2 },
    ])
  })

  it('take the model that a person chose with them, and what was said of the whole chat', () => {
    const [byLid, byNumber] = [from(LID), from(BY_NUMBER, NUMBER)]
    add('chosen_models', { conversation: byLid.id, person: LID, agent: 'a', model: 'new', last_at: 2 })
    add('chosen_models', { conversation: byNumber.id, person: NUMBER, agent: 'a', model: 'old', last_at: 1 })
    const chats = new ChatStates(database)
    const holds = new HoldStore(database)
    holds.set(byLid.id, { ...NO_HOLD, pausedAt: 7, by: 'phone', reason: 'owner_wrote', until: 9 })
    holds.set(byNumber.id, { ...NO_HOLD, offSince: 8 })
    chats.beginAfresh(byLid.id, 3)
    chats.beginAfresh(byNumber.id, 9)
    chats.beginAfresh(byNumber.id, 11)
    learn(LID, NUMBER)
    expect(database.prepare('SELECT * FROM chosen_models').all()).toEqual([
      { conversation: byNumber.id, person: NUMBER, agent: 'a', model: 'new', last_at: 2 },
    ])
    expect(chats.of(byNumber.id)).toEqual({ session: 3, contextAfter: 11 })
    expect(holds.of(byNumber.id)).toMatchObject({ pausedAt: 7, by: 'phone', until: 9, offSince: 8 })
  })

  it('are one person in groups too', () => {
    const group = inGroup()
    said(group, LID, 'among us')
    said(group, NUMBER, 'once', 'SAME')
    said(group, LID, 'once', 'SAME')
    add('chosen_agents', { conversation: group.id, person: LID, agent: 'ada', last_at: 1 })
    expect(learn(LID, NUMBER)).toBe('renamed')
    expect(database.prepare('SELECT text, sender FROM inbox').all()).toEqual([
      { text: 'among us', sender: NUMBER },
      { text: 'once', sender: NUMBER },
    ])
    expect(database.prepare('SELECT person FROM chosen_agents').all()).toEqual([{ person: NUMBER }])
    expect(store.at(GROUP)).toEqual(group)
  })
})

// With columns of unequal types SQLite read and sorted a conversation's whole past for its last lines.
it('the history is read from the indexes of both tables, the newest first', () => {
  const plan = database
    .prepare(
      `EXPLAIN QUERY PLAN SELECT text, place, is_reply, sequence FROM messages
       WHERE conversation = 1 AND place < 9 AND kind IN ('text', 'reply')
       ORDER BY place DESC, is_reply DESC, sequence DESC LIMIT 5`,
    )
    .all() as { detail: string }[]
  const details = plan.map(({ detail }) => detail)
  expect(details).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^MERGE/),
      expect.stringMatching(/^SEARCH inbox USING INDEX inbox_conversation/),
      expect.stringMatching(/^SEARCH outbox USING INDEX outbox_conversation/),
    ]),
  )
  expect(details.filter((detail) => /^(SCAN|CO-ROUTINE)|FOR ORDER BY$/.test(detail))).toEqual([])
})

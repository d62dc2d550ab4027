import { mkdtempSync, rmSync } from 'node:fs'
import { textParts } from '../../../src/messaging/content.ts'
import { identity } from '../../support/identity.ts'
import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BlockedSenders } from '../../../src/conversations/intake/blocked-senders.ts'
import { HeldMessages } from '../../../src/conversations/intake/held-messages.ts'
import { Retention } from '../../../src/conversations/history/retention.ts'
import { CommitGroup } from '../../../src/conversations/store/commit-group.ts'
import { ConversationStore } from '../../../src/conversations/store/conversation-store.ts'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { CredentialStore } from '../../../src/transports/linked-device/signal/credential-store.ts'
import { GroupDirectory } from '../../../src/transports/linked-device/groups/group-directory.ts'
import { MessageJournal } from '../../../src/transports/linked-device/inbound/message-journal.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 0, 31)

/** What keeps each table of `account.db` from growing for ever; a new table needs an answer here. */
const BOUND_BY: Readonly<Record<string, string>> = {
  credentials: 'one row, by its own CHECK',
  facts: 'a row for each name in the code',
  signal_keys: 'people who ever wrote, groups and devices',
  group_members: 'rows',
  quarantined_credentials: 'the newest three',
  inbox: 'rows and days',
  media: 'its messages, days and bytes',
  turns: 'rows and days',
  outbox: 'rows and days',
  sent_requests: 'rows, and a day',
  first_contacts: 'the limit of a day',
  notices: 'rows and days',
  chosen_agents: 'rows and days',
  chosen_models: 'rows and days',
  contact_fields: 'conversations, and the fields of the config',
  forgotten_people: 'rows',
  forgetting: 'people whom somebody has just asked to forget',
  first_session: 'one row, by its own CHECK',
  conversations: 'their messages, notices and choices; rows of what was said of the whole chat',
  conversation_aliases: 'a hundred for each conversation',
  conversation_addresses: 'ten for each conversation',
  reactions: 'rows and days',
  blocked_senders: 'rows',
  held: 'rows and hours',
  pauses: 'rows',
  pairing: 'people',
  lid_directory: 'rows',
  registered_numbers: 'rows, and the numbers of the config',
  polls: 'rows',
  usage: 'months',
  charges: 'months, and thirty categories in each',
  business_windows: 'rows',
  business_people: 'rows',
  business_changed_numbers: 'rows',
  business_updates: 'days, and what is not worked on yet',
  stanza_journal: 'rows and days',
  plaintext_journal: 'its stanzas',
  caches: 'rows and minutes',
  business_uploads: 'days',
  search_rows: 'the messages',
  search_changes: 'the messages, until they are looked at',
  search_state: 'one row, by its own CHECK',
  past_places: 'one row, by its own CHECK',
  search_words: 'search_rows',
  search_words_config: 'a row for each setting',
  search_words_data: 'search_rows',
  search_words_idx: 'search_rows',
}

describe('the tables of account.db', () => {
  let directory = ''
  let database: Database
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bounds-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const count = (table: string): number => {
    const row = database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }
    return row.n
  }
  /** `values` per row, with `n` from 1 to `rows`. */
  const fill = (table: string, columns: string, values: string, rows: number): void =>
    database.transaction(() => {
      database
        .prepare(
          `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
           INSERT INTO ${table} (${columns}) SELECT ${values} FROM numbers`,
        )
        .run()
    })

  /** What is kept at this time, in milliseconds since 1970. */
  const retain = async (now: number): Promise<void> => {
    const conversations = new ConversationStore(database)
    const commits = new CommitGroup(database, (error) => expect(error).toBeUndefined())
    const retention = new Retention({
      database,
      conversations,
      commits,
      files: { removeOf: () => () => undefined },
      config: () => ({ retention: { days: 30, messagesPerConversation: 10_000 } }),
      logger: pino({ level: 'silent' }),
      now: () => new Date(now),
    })
    await retention.run()
  }

  it('each has a bound', () => {
    const rows = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
    const names = (rows as { name: string }[]).map(({ name }) => name)
    expect(names.toSorted()).toEqual(Object.keys(BOUND_BY).toSorted())
  })

  it('the journal: 10,000 stanzas and their plaintexts', () => {
    const columns = 'message_id, author, state, kept_at'
    fill('stanza_journal', columns, `'m' || n, 'a', 'inboxed', ${NOW}`, 10_300)
    fill('plaintext_journal', 'digest, stanza_sequence, sender, plaintext', `'d' || n, n, 's', x'07'`, 10_300)
    new MessageJournal(database, () => NOW).prune()
    expect([count('stanza_journal'), count('plaintext_journal')]).toEqual([10_000, 10_000])
  })

  // WhatsApp hands over a long absence at once: the oldest stanzas, next in turn, lost their place to those behind them,
  // and with it the plaintext that a crash would have needed.
  it('the journal: stanzas without a verdict stay', () => {
    fill('stanza_journal', 'message_id, author, state, kept_at', `'m' || n, 'a', 'open', ${NOW}`, 10_300)
    fill('plaintext_journal', 'digest, stanza_sequence, sender', `'d' || n, n, 's'`, 10_300)
    const journal = new MessageJournal(database, () => NOW)
    journal.prune()
    expect([count('stanza_journal'), count('plaintext_journal')]).toEqual([10_300, 10_300])
    database.transaction(() => void database.prepare(`UPDATE stanza_journal SET state = 'inboxed'`).run())
    journal.prune()
    expect([count('stanza_journal'), count('plaintext_journal')]).toEqual([10_000, 10_000])
  })

  // Without a stanza to go by, no plaintext was deleted, however old.
  it('the journal: a month, also when nothing came since', () => {
    fill('stanza_journal', 'message_id, author, state, kept_at', `'m' || n, 'a', 'inboxed', ${NOW}`, 100)
    fill('plaintext_journal', 'digest, stanza_sequence, sender, plaintext', `'d' || n, n, 's', x'07'`, 100)
    new MessageJournal(database, () => NOW + 31 * DAY_MS).prune()
    expect([count('stanza_journal'), count('plaintext_journal')]).toEqual([0, 1])
  })

  it('members of groups: the 2,000 groups that were learnt last', () => {
    fill('group_members', 'jid, members, learned_at', `n || '@g.us', '[]', ${NOW} + n`, 2_100)
    const groups = new GroupDirectory(
      database,
      () => NOW + 5_000,
      () => {},
    )
    groups.learn({ id: 'new@g.us', subject: '', owner: undefined, participants: [{ id: '77@lid' }] })
    expect(count('group_members')).toBe(2_000)
    expect(database.prepare('SELECT min(learned_at) AS at FROM group_members').get()).toMatchObject({
      at: NOW + 102,
    })
    expect(groups.isMember('new@g.us', '77@lid')).toBe(true)
  })

  it('notices: 10,000, and a month, and their conversations with them', async () => {
    fill('conversations', 'kind, name', `'direct', 'c' || n`, 10_300)
    fill('conversation_addresses', 'address, conversation', `'c' || n, n`, 10_300)
    fill('notices', 'conversation, notice, sent_at', `n, 'unsupported', ${NOW} + n`, 10_300)
    await retain(NOW)
    expect(count('notices')).toBe(10_000)
    expect(database.prepare('SELECT min(sent_at) AS at FROM notices').get()).toMatchObject({ at: NOW + 301 })
    await retain(NOW + 32 * DAY_MS)
    expect(count('notices')).toBe(0)
    expect([count('conversations'), count('conversation_addresses')]).toEqual([0, 0])
  })

  it.each([
    ['chosen_agents', 'agent', `'a'`],
    ['chosen_models', 'agent, model', `'a', 'm'`],
  ])('%s: 10,000, and a year', async (table, column, value) => {
    fill(table, `conversation, person, ${column}, last_at`, `n, 'p', ${value}, ${NOW} + n`, 10_300)
    await retain(NOW)
    expect(count(table)).toBe(10_000)
    expect(database.prepare(`SELECT min(last_at) AS at FROM ${table}`).get()).toMatchObject({
      at: NOW + 301,
    })
    await retain(NOW + 367 * DAY_MS)
    expect(count(table)).toBe(0)
  })

  it('chats that are kept because they are paused, or begun afresh: 10,000 of each, those of the last time', async () => {
    const columns = 'id, kind, name, paused_at, session, context_after'
    fill('conversations', columns, `n, 'direct', 'p' || n, ${NOW} + n, 1, 0`, 10_300)
    fill('conversations', columns, `n + 20000, 'direct', 'n' || n, NULL, 2, n`, 10_300)
    await retain(NOW)
    expect(
      database.prepare('SELECT min(paused_at) AS at, count(paused_at) AS n FROM conversations').get(),
    ).toEqual({
      at: NOW + 301,
      n: 10_000,
    })
    expect(
      database.prepare('SELECT min(context_after) AS at FROM conversations WHERE session > 1').get(),
    ).toEqual({
      at: 301,
    })
    expect(count('conversations')).toBe(20_000)
  })

  it('people who may not write: 1,000', () => {
    fill('blocked_senders', 'sender, reason, reported_at', `'s' || n, 'not_allowed', ${NOW} + n`, 1_500)
    new BlockedSenders(database).shouldReport('one more', 'not_allowed', NOW + 10_000)
    expect(count('blocked_senders')).toBe(1_000)
  })

  it('whose LID is whose: 50,000', () => {
    fill('lid_directory', 'phone_number, lid, confirmed_at', `'1' || n, n, ${NOW} + n`, 51_000)
    const store = CredentialStore.load(
      database,
      { writeFailed: () => {}, lidLearned: () => {} },
      () => NOW * 2,
    )
    store.lids.learn(
      Array.from({ length: 1_000 }, (_, index) => ({ lid: `${index}`, phoneNumber: `2${index}` })),
    )
    expect(count('lid_directory')).toBe(50_000)
    expect(store.lids.lidOf('21')).toBe('1')
  })

  it('messages of unknown senders: 256 each, 2,048 in all, an hour', () => {
    const held = new HeldMessages(database)
    const hold = (address: string, id: string): number =>
      held.hold(
        {
          chat: { kind: 'direct', address },
          id,
          sender: identity(address, null),
          content: { kind: 'message', parts: textParts('hi'), quoted: null },
          sentAt: new Date(NOW),
          arrival: 'live',
          mentionsUs: false,
        },
        NOW,
      )
    for (let index = 0; index < 300; index += 1) hold('0@lid', `id${index}`)
    expect(count('held')).toBe(256)
    database.transaction(() => {
      for (let person = 0; person < 20; person += 1)
        for (let index = 0; index < 150; index += 1) hold(`${person}@lid`, `id${index}`)
    })
    expect(count('held')).toBe(2_048)
    held.expire(NOW + 3_600_001)
    expect(count('held')).toBe(0)
  })

  it('identities that were put away: 3', () => {
    const store = CredentialStore.load(database, { writeFailed: () => {}, lidLearned: () => {} })
    for (let index = 0; index < 5; index += 1) {
      store.saveCredentials()
      store.quarantine('logged_out', NOW + index)
    }
    expect(count('quarantined_credentials')).toBe(3)
  })
})

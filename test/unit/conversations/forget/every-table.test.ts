import { describe, expect, it } from 'vitest'
import { Desk } from '../desk.ts'

/** What becomes of each table of `account.db` when somebody is forgotten; a new table needs an answer here. */
const WHAT_BECOMES: Readonly<Record<string, 'erased' | { kept: string }>> = {
  inbox: 'erased',
  outbox: 'erased',
  sent_requests: 'erased',
  turns: 'erased',
  media: 'erased',
  reactions: 'erased',
  notices: 'erased',
  chosen_agents: 'erased',
  chosen_models: 'erased',
  contact_fields: 'erased',
  conversations: 'erased',
  conversation_addresses: 'erased',
  conversation_aliases: 'erased',
  held: 'erased',
  blocked_senders: 'erased',
  pairing: 'erased',
  stanza_journal: 'erased',
  plaintext_journal: 'erased',
  polls: 'erased',
  search_rows: 'erased',
  search_changes: 'erased',
  search_words: 'erased',
  search_words_data: 'erased',
  search_words_idx: 'erased',
  search_words_config: { kept: 'of the index' },
  search_state: { kept: 'of the index' },
  usage: { kept: 'counts alone' },
  charges: { kept: 'counts alone' },
  business_updates: 'erased',
  business_uploads: 'erased',
  business_people: { kept: 'who has which number, without which they could not be answered' },
  business_changed_numbers: { kept: 'numbers that the config names' },
  business_windows: { kept: 'until when they may be written to: addresses and times' },
  first_contacts: { kept: 'times alone' },
  forgotten_people: { kept: 'digests, so that no phone brings them back' },
  forgetting: { kept: 'until everything is overwritten' },
  first_session: { kept: 'a number that names nobody' },
  past_places: { kept: 'a number and a time' },
  credentials: { kept: 'of the account' },
  quarantined_credentials: { kept: 'of the account' },
  facts: { kept: 'of the account' },
  pauses: { kept: 'of the account' },
  signal_keys: { kept: 'keys without which they could not be answered' },
  group_members: { kept: "WhatsApp's directory: addresses alone" },
  lid_directory: { kept: "WhatsApp's directory: addresses alone" },
  registered_numbers: { kept: 'numbers that the config names' },
  caches: { kept: 'addresses and times; what it holds of files of theirs is erased' },
}

describe('each table of account.db', () => {
  it('is erased when somebody is forgotten, or holds no words of theirs', () => {
    const rows = new Desk().database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
    const names = (rows as { name: string }[]).map(({ name }) => name)
    expect(names.toSorted()).toEqual(Object.keys(WHAT_BECOMES).toSorted())
  })
})

import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { OutboxStore } from '../../../../src/conversations/outbox/outbox-store.ts'
import { ConversationStore } from '../../../../src/conversations/store/conversation-store.ts'
import { InboxStore } from '../../../../src/conversations/store/inbox-store.ts'
import { SearchDesk } from './search-desk.ts'

const FILES = JSON.stringify([
  { kind: 'document', what: 'document: offer.pdf', name: 'offer.pdf', mimeType: null, size: null },
])
const CARD = JSON.stringify({ type: 'contact', name: 'Anna Weber', phoneNumbers: ['+4930123456'] })
const DOCUMENT = JSON.stringify({
  type: 'file',
  media: 'x',
  kind: 'document',
  caption: 'the contract',
  name: 'final.docx',
  mimeType: 'x',
  size: 1,
})

it('finds what was said, heard and called, and nothing of what we say of it', async () => {
  const desk = new SearchDesk()
  desk.receive('[document: offer.pdf]\nplease read', { files: FILES })
  desk.receive('[voice message, 3 seconds]', {
    files: JSON.stringify([
      { kind: 'audio', what: 'voice message, 3 seconds', name: null, mimeType: null, size: null },
    ]),
    transcript: 'buy some bread',
  })
  desk.send('[contact] Anna Weber: +4930123456', { content: CARD })
  desk.send('[document: final.docx] the contract', { content: DOCUMENT })
  desk.send('<think>secretly bread</think>Rye or wheat?', { prefix: '🤖 robot: ' })
  desk.send('I cannot answer, bread', { kind: 'notice' })
  desk.receive('bread', { kind: 'reaction' })
  expect(await desk.find('offer')).toEqual(['IN1'])
  expect(await desk.find('read please')).toEqual(['IN1'])
  expect(await desk.find('bread')).toEqual(['IN2'])
  expect(await desk.find('weber')).toEqual(['OUT3'])
  expect(await desk.find('123456')).toEqual(['OUT3'])
  expect(await desk.find('contract')).toEqual(['OUT4'])
  expect(await desk.find('final.docx')).toEqual(['OUT4'])
  expect(await desk.find('rye')).toEqual(['OUT5'])
  for (const words of ['voice', 'document', 'contact', 'robot', 'secretly'])
    expect(await desk.find(words)).toEqual([])
})

it('gives pages, newest first, of a conversation and of a time', async () => {
  const desk = new SearchDesk()
  for (let day = 0; day < 30; day += 1)
    desk.receive(`hello ${day}`, { conversation: 1 + (day % 3), at: day * 86_400_000 })
  // An older one that comes late has its place.
  desk.send('hello again', { conversation: 2, at: 3_600_000 })
  const walk: string[] = []
  for (let cursor: string | undefined, page = 0; page < 20; page += 1) {
    const found = await desk.search.search({ text: 'hello', limit: 4, ...(cursor && { cursor }) })
    walk.push(...found.hits.map(({ messageId }) => messageId))
    if (page === 2) desk.receive('hello from now', { at: 40 * 86_400_000 })
    if (found.cursor === null) break
    cursor = found.cursor
  }
  const sent = Array.from({ length: 29 }, (_, index) => `IN${30 - index}`)
  expect(walk).toEqual([...sent, 'OUT31', 'IN1'])
  const day = (count: number): Date => new Date(count * 86_400_000)
  expect(await desk.find('hello', { from: day(3), to: day(6) })).toEqual(['IN6', 'IN5', 'IN4'])
  expect(await desk.find('hello', { conversation: 2, to: day(5) })).toEqual(['IN5', 'IN2', 'OUT31'])
  expect(await desk.find('hello', { conversation: 20 })).toEqual([])
})

it('orders what was written in one second, however much it is', async () => {
  const desk = new SearchDesk()
  desk.database.transaction(() => {
    for (let index = 0; index < 3_000; index += 1) desk.receive('burst', { at: 1_000 })
  })
  desk.receive('burst', { at: 500_000 })
  await desk.upkeep.catchUp(60_000)
  const page = await desk.search.search({ text: 'burst', limit: 100 })
  expect(page.hits).toHaveLength(100)
  let [found, cursor] = [100, page.cursor]
  while (cursor !== null) {
    const next = await desk.search.search({ text: 'burst', limit: 100, cursor })
    found += next.hits.length
    cursor = next.cursor
  }
  expect(found).toBe(3_001)
})

it('follows edits, deletions, discards, late transcripts and merges', async () => {
  const desk = new SearchDesk()
  const { database } = desk
  const [inbox, outbox] = [new InboxStore(database), new OutboxStore(database)]
  const edited = desk.receive('first words')
  const revoked = desk.receive('regretted words')
  const heard = desk.receive('')
  const discarded = desk.send('discarded words')
  const corrected = desk.send('corrected words')
  expect(await desk.find('words')).toHaveLength(4)
  database.transaction(() => {
    inbox.edit(edited, 'second words', 1)
    inbox.addTranscript(heard, 'heard words')
    outbox.discard(discarded, 1)
    outbox.edit(corrected, 'better words', 1)
    const row = inbox.find(revoked)
    if (row !== undefined) inbox.revoke(row)
  })
  expect(await desk.find('words')).toEqual(['OUT5', 'IN3', 'IN1'])
  expect(await desk.find('second')).toEqual(['IN1'])
  for (const gone of ['first', 'regretted', 'discarded', 'corrected'])
    expect(await desk.find(gone)).toEqual([])
  desk.write(
    `INSERT INTO conversations (id, kind, name) VALUES (1, 'direct', '8@lid'), (2, 'direct', '+4930111')`,
  )
  desk.write(
    `INSERT INTO conversation_addresses (address, conversation) VALUES ('8@lid', 1), ('+4930111', 2)`,
  )
  expect(await desk.find('words', { conversation: 2 })).toEqual([])
  database.transaction(() => new ConversationStore(database).numberLearned('8@lid', '+4930111'))
  expect(await desk.find('words', { conversation: 2 })).toEqual(['OUT5', 'IN3', 'IN1'])
  expect(await desk.find('words', { conversation: 1 })).toEqual([])
  desk.check()
})

const operations = fc.array(
  fc.record({
    what: fc.constantFrom('receive', 'send', 'edit', 'revoke', 'delete', 'move', 'swap', 'look', 'restart'),
    row: fc.nat(),
    word: fc.constantFrom('apple', 'beer', '会议', 'ドア', 'cider', '0301234567'),
  }),
  { minLength: 10, maxLength: 60 },
)

// Every change of a row is recorded by triggers: the index has exactly what the rows say, whatever became of them and whenever it was looked at.
it('has at every time exactly what the rows say', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (steps) => {
      const desk = new SearchDesk()
      try {
        const count = (table: string): number =>
          (
            desk.database.prepare(`SELECT COALESCE(MAX(sequence), 0) AS n FROM ${table}`).get() as {
              n: number
            }
          ).n
        for (const { what, row, word } of steps) {
          const table = row % 2 === 0 ? 'inbox' : 'outbox'
          const sequence = 1 + (row % (count(table) + 1))
          if (what === 'receive') desk.receive(`${word} one`)
          if (what === 'send') desk.send(`${word} two`)
          if (what === 'edit')
            desk.write(`UPDATE ${table} SET text = ? WHERE sequence = ?`, `${word} new`, sequence)
          if (what === 'revoke') desk.write(`UPDATE ${table} SET text = '' WHERE sequence = ?`, sequence)
          if (what === 'delete') desk.write(`DELETE FROM ${table} WHERE sequence = ?`, sequence)
          if (what === 'move')
            desk.write(`UPDATE ${table} SET conversation = ? WHERE sequence = ?`, 1 + (row % 3), sequence)
          const { database } = desk
          if (what === 'swap' && new OutboxStore(database).bySequence(sequence) !== undefined)
            database.transaction(() => new OutboxStore(database).swapWithNewest(sequence))
          if (what === 'look') await desk.find(word)
          if (what === 'restart') desk.restart()
        }
        for (const word of ['apple', 'beer', '会议', 'ドア', 'cider', '1234567', 'one', 'two', 'new']) {
          for (const conversation of [undefined, 1, 2, 3]) {
            const rows = desk.database
              .prepare(
                `SELECT message_id FROM inbox WHERE text LIKE ?1 AND (?2 IS NULL OR conversation = ?2) UNION ALL
                 SELECT message_id FROM outbox WHERE text LIKE ?1 AND (?2 IS NULL OR conversation = ?2)`,
              )
              .all(`%${word}%`, conversation ?? null) as { message_id: string }[]
            expect((await desk.find(word, { conversation })).toSorted()).toEqual(
              rows.map(({ message_id }) => message_id).toSorted(),
            )
          }
        }
        desk.check()
        const left = desk.database
          .prepare(
            `SELECT (SELECT COUNT(*) FROM search_changes) AS changes, (SELECT COUNT(*) FROM search_rows) AS rows`,
          )
          .get()
        const rows = desk.database
          .prepare(
            `SELECT (SELECT COUNT(*) FROM inbox WHERE text != '') + (SELECT COUNT(*) FROM outbox WHERE text != '') AS n`,
          )
          .get() as { n: number }
        expect(left).toEqual({ changes: 0, rows: rows.n })
      } finally {
        desk.database.close()
      }
    }),
    { numRuns: 15 },
  )
})

it('is made anew where it was made by other rules', async () => {
  const desk = new SearchDesk()
  desk.receive('hello')
  await desk.find('hello')
  desk.write(`UPDATE search_state SET rules = 'another version'`)
  expect(await desk.find('hello')).toEqual(['IN1'])
  expect(await desk.find('nobody')).toEqual([])
  desk.check()
})

it('indexes a long past bit by bit, goes on after a restart, and says so meanwhile', async () => {
  const desk = new SearchDesk()
  desk.database.transaction(() => {
    for (let index = 0; index < 4_000; index += 1)
      desk.receive(`hello number ${index} ${'and more words '.repeat(20)}`)
  })
  expect(await desk.upkeep.catchUp(0)).toBe(false)
  const done = desk.database.prepare('SELECT inbox FROM search_state').get() as { inbox: number }
  expect(done.inbox).toBeGreaterThan(0)
  expect(done.inbox).toBeLessThan(4_000)
  desk.restart()
  expect(desk.database.prepare('SELECT inbox FROM search_state').get()).toEqual(done)
  expect(await desk.upkeep.catchUp(60_000)).toBe(true)
  expect(await desk.find('3999')).toEqual(['IN4000'])
  expect(await desk.find('number', { to: new Date(2_000) })).toEqual(['IN1'])
})

// A slice whose time was over before it began did nothing, and left a message that had just come for later.
it('finds what was just said, and erases, however long a transaction takes to begin', async () => {
  const desk = new SearchDesk()
  const sequence = desk.receive('hello')
  const transaction = desk.database.transaction.bind(desk.database)
  desk.database.transaction = (work) => {
    const begun = performance.now() + 20
    while (performance.now() < begun);
    return transaction(work)
  }
  expect(await desk.upkeep.catchUp(0)).toBe(true)
  const { hits, isIndexing } = await desk.search.search({ text: 'hello', limit: 10 })
  expect(hits).toHaveLength(1)
  expect(isIndexing).toBe(false)
  desk.write('DELETE FROM inbox WHERE sequence = ?', sequence)
  await desk.upkeep.erased()
  expect(desk.index.isBehind()).toBe(false)
  desk.check()
})

it('leaves no byte of an erased word in the file', async () => {
  const desk = new SearchDesk()
  desk.database.transaction(() => {
    for (let index = 0; index < 400; index += 1) desk.receive(`some words that stay ${index}`)
  })
  const row = desk.receive('the word xylophonist')
  const sent = desk.send('the answer zwitterion')
  desk.database.transaction(() => {
    for (let index = 0; index < 400; index += 1) desk.receive(`other words that stay ${index}`)
  })
  expect(await desk.find('xylophonist')).toEqual(['IN401'])
  desk.write(`UPDATE inbox SET text = '' WHERE sequence = ?`, row)
  desk.write('DELETE FROM outbox WHERE sequence = ?', sent)
  desk.upkeep.beforeCommit()
  desk.database.truncateLog()
  const bytes = readFileSync(desk.path).toString('latin1')
  expect(bytes).toContain('words that stay')
  for (const gone of ['xylophon', 'zwitter']) expect(bytes).not.toContain(gone)
})

// The pages of the index began with pieces of words that were gone.
it('leaves not even the beginnings of words when somebody is forgotten', async () => {
  const desk = new SearchDesk()
  const words = Array.from({ length: 1_500 }, (_, index) => {
    const digits = (((index + 1) * 2_654_435_761) % 20 ** 7).toString(20).padStart(7, '0')
    return `z${digits.replaceAll(/\d/g, (digit) => 'klmnopqrst'[Number(digit)] ?? '')}`
  })
  const isErased = (word: string): boolean => /^z[a-j]/.test(word)
  for (let from = 0; from < words.length; from += 300) {
    desk.database.transaction(() => {
      for (const word of words.slice(from, from + 300)) desk.receive(`${word} hello`)
    })
    await desk.upkeep.catchUp(60_000)
  }
  desk.write(`DELETE FROM inbox WHERE substr(text, 2, 1) BETWEEN 'a' AND 'j'`)
  await desk.upkeep.erased()
  desk.database.rewrite()
  const bytes = readFileSync(desk.path).toString('latin1')
  expect(words.filter((word) => isErased(word) && bytes.includes(word))).toEqual([])
  // What each page begins with, after the mark of the table.
  const rows = desk.database.prepare('SELECT CAST(term AS TEXT) AS term FROM search_words_idx').all()
  const begins = (rows as { term: string }[]).map(({ term }) => term.slice(1))
  expect(begins.some((term) => /^z[k-t]/.test(term))).toBe(true)
  expect(begins.filter(isErased)).toEqual([])
  expect(await desk.find('hello', { limit: 10 })).toHaveLength(10)
  desk.check()
})

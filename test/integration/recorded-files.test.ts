import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { BUSINESS_FOLDER } from '../corpus/business-facts.ts'
import { type CorpusFacts, FACTS_FILE, OWNER_IDENTITY } from '../corpus/corpus-facts.ts'
import { restoreRecording } from '../corpus/restore-recording.ts'
import { adoptCompanion } from '../support/adopt-companion.ts'
import { AgentServer } from '../support/agent-server.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const CORPUS = join(import.meta.dirname, '..', 'corpus')

/*
 * Files as earlier versions left them, killed in the middle of a reply. They are never recorded again: files that are
 * made from today's migrations cannot show that a migration was changed.
 */
describe.each(recordings())('the files of $name', ({ directory, facts }) => {
  let server: AgentServer
  let stack: Stack
  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    // A moment after the kill: what is older than an hour is not answered any more.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(facts.recordedAt) + 5_000, shouldAdvanceTime: true })
    server = await AgentServer.start()
  })
  afterEach(async () => {
    await stack.stop()
    await server.stop()
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const start = async (broken = false): Promise<void> => {
    const { alice, dora, owner, model, request } = facts
    const { ada, bob } = server.agents('ada', 'bob')
    stack = await Stack.start({
      allowFrom: [ALICE, dora.phoneNumber],
      channel: {
        agents: { ada: { ...Object(ada), models: model === undefined ? [] : [model] }, bob },
        groups: { '*': {} },
        dmPolicy: request === undefined ? 'allowlist' : 'pairing',
      },
      formerPhones: {
        [alice.phoneNumber]: { lid: alice.lid },
        [dora.phoneNumber]: { lid: dora.lid },
        [owner.phoneNumber]: { lid: owner.lid, identity: OWNER_IDENTITY },
      },
      prepare: (prepared) => {
        prepared.createPhone(dora.phoneNumber, 'Dora')
        const { stateDir, configPath } = prepared
        restoreRecording(directory, { stateDir, configPath, recordedPath: facts.configPath })
        adoptCompanion(join(prepared.stateDir, 'accounts', 'default', 'account.db'), prepared.owner)
        if (broken) prepared.writeConfig = () => prepared.writeRawConfig('{ channels: ')
      },
    })
  }
  /** What the person sees: a message that comes again under its id is seen once. */
  const shown = (phone: SimulatedPhone): string[] =>
    phone.received.flatMap(({ duplicateOf, reaction, text }) =>
      duplicateOf === undefined && reaction === undefined ? [text] : [],
    )
  it('open: the link is used, the reply under way arrives under its id, and the questions are answered', async () => {
    await start()
    await stack.untilState('connected')
    const reply = await stack.alice.waitForText(({ id }) => id === facts.queuedId)
    expect(reply.text).toContain(facts.unanswered.alice[0])
    const dora = stack.phone(facts.dora.phoneNumber)
    for (const question of facts.unanswered.dora) {
      await dora.waitForText(({ text }) => text.includes(question))
    }
    expect(stack.account()).toMatchObject({ phoneNumber: OWNER, failedMessages: 1 })
    expect(shown(stack.alice)).toHaveLength(1)
    expect(shown(dora)).toHaveLength(facts.unanswered.dora.length)
    expect(stack.mallory.received).toEqual([])
  })

  it('hold what was said: the history, the choice of an agent, and the messages that failed', async () => {
    await start()
    await stack.untilState('connected')
    await stack.alice.waitForText(({ id }) => id === facts.queuedId)
    await stack.alice.sendText(OWNER, 'what did I say?')
    await stack.alice.waitForText('bob: what did I say?')
    // Alice sent something before that could not be read: once a picture, of which the oldest files hold no more than that.
    const picture =
      facts.unreadable ?? (facts.request === undefined ? '[cannot be read here: image]' : '[photo]')
    const words = 'refused\n\non its way'
    const late = `${picture}\n\n${words}`
    const echoed = facts.request === undefined ? words : late
    expect(server.asked.at(-1)?.messages).toEqual([
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'ada: hello\n[reactions: 👍]' },
      { role: 'user', content: 'a better word' },
      { role: 'assistant', content: 'ada: a word too much' },
      { role: 'user', content: late },
      { role: 'assistant', content: `bob: ${echoed}` },
      { role: 'user', content: 'what did I say?' },
    ])
    const client = await stack.client()
    try {
      const { messages } = await client.request('outbox.list', { state: 'failed' })
      expect(messages.map(({ messageId }) => messageId)).toEqual([facts.failedId])
      const { blocked } = (await client.request('session.subscribe', {})).snapshot
      expect(blocked).toEqual(expect.arrayContaining([expect.objectContaining({ phoneNumber: MALLORY })]))
    } finally {
      client.close()
    }
  })

  // Files of earlier versions hold neither.
  if (facts.request !== undefined)
    it('keep what people chose and asked for: the model, the silence of a group, and who waits for access', async () => {
      await start()
      await stack.untilState('connected')
      await stack.phone(facts.dora.phoneNumber).waitForText(`${facts.model}: ${facts.unanswered.dora[0]}`)
      const client = await stack.client()
      try {
        const { requests } = await client.request('pairing.list', {})
        expect(requests).toMatchObject([facts.request])
      } finally {
        client.close()
      }
      const family = stack.simulator.createGroup({
        id: facts.group.replace('@g.us', ''),
        subject: 'Family',
        members: [stack.alice, stack.owner],
      })
      const silenced = await stack.alice.sendGroupText(family, 'is anybody there?', { mention: OWNER })
      const { reason } = await stack.untilEvent(
        'message.skipped',
        ({ messageId }) => messageId === silenced.id,
      )
      expect(reason).toBe('chat_paused')
    })

  it('have the same conversations: who said what, in which order', async () => {
    const path = join('accounts', 'default', 'account.db')
    const before = saidBefore(join(directory, 'state', path))
    await start()
    await stack.untilState('connected')
    await stack.alice.waitForText(({ id }) => id === facts.queuedId)
    await stack.stopDaemon()
    const after = new Map<string, Said[]>()
    for (const { conversation, ...line } of read<Said & { conversation: string }>(
      join(stack.stateDir, path),
      SAID,
    ))
      after.set(conversation, [...(after.get(conversation) ?? []), line])
    const people = [ALICE, facts.dora.phoneNumber, facts.request?.phoneNumber ?? []].flat()
    expect([...before.keys()].toSorted()).toEqual([...people, facts.group].toSorted())
    // What was waiting is answered meanwhile: it stands behind what was there.
    for (const [conversation, lines] of before)
      expect(after.get(conversation)?.slice(0, lines.length)).toEqual(lines)
  })

  it('keep the last valid config in force where the file is broken', async () => {
    await start(true)
    const client = await stack.client()
    try {
      const { accounts, problems } = await client.request('config.get', {})
      expect(accounts['default']?.allowFrom).toEqual(facts.allowFrom ?? [ALICE, facts.dora.phoneNumber])
      expect(problems).toHaveLength(1)
    } finally {
      client.close()
    }
  })

  it('are backed up and restored whole', async () => {
    await start()
    await stack.untilState('connected')
    await stack.stopDaemon()
    const backup = join(stack.directory, 'copy.db')
    const state = ['--state-dir', stack.stateDir]
    expect(await CommandLine.run(['backup', backup, ...state])).toMatchObject({ code: 0 })
    const database = new DatabaseSync(backup, { readOnly: true })
    expect(database.prepare('SELECT count(*) AS count FROM quarantined_credentials').get()).toEqual({
      count: 1,
    })
    database.close()
    expect(await CommandLine.run(['restore', backup, '--yes', ...state])).toMatchObject({ code: 0 })
    await stack.startDaemon()
    expect(stack.account()).toMatchObject({ linked: true })
  })
})

interface Said {
  author: string
  sender: string | null
  message_id: string
  text: string
}

const SAID = `SELECT name AS conversation, author, sender, message_id, text FROM messages JOIN conversations ON id = conversation
  ORDER BY place, is_reply, sequence`

/** The same of the tables before schema 14, where a conversation was its name. */
const SAID_BY_NAME = `
  SELECT conversation, 'person' AS author, sender, message_id, text, sequence AS place, 0 AS reply, sequence FROM inbox
    WHERE kind IN ('text', 'unsupported')
  UNION ALL SELECT conversation, 'assistant', NULL, message_id, substr(text, prefix_length + 1), after_inbox, 1, sequence
    FROM outbox WHERE state NOT IN ('failed', 'discarded') ORDER BY place, reply, sequence`

/** What was said in each conversation, by the tables of the version that wrote the file. */
function saidBefore(path: string): Map<string, Said[]> {
  const directory = mkdtempSync(join(tmpdir(), 'recorded-'))
  try {
    // Reading it writes beside it.
    for (const suffix of ['', '-wal']) cpSync(path + suffix, join(directory, `account.db${suffix}`))
    const copy = join(directory, 'account.db')
    const [schema] = read<{ user_version: number }>(copy, 'PRAGMA user_version')
    const rows = read<Said & { conversation: string }>(
      copy,
      schema !== undefined && schema.user_version < 14 ? SAID_BY_NAME : SAID,
    )
    const said = new Map<string, Said[]>()
    for (const { conversation, author, sender, message_id, text } of rows)
      said.set(conversation, [...(said.get(conversation) ?? []), { author, sender, message_id, text }])
    return said
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function read<Row>(path: string, sql: string): Row[] {
  const database = new DatabaseSync(path)
  try {
    // The columns asked for.
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })) as Row[]
  } finally {
    database.close()
  }
}

function recordings(): { name: string; directory: string; facts: CorpusFacts }[] {
  return readdirSync(CORPUS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== BUSINESS_FOLDER)
    .map(({ name }) => {
      const directory = join(CORPUS, name)
      // Written by `record.ts` beside what it tells of.
      const facts = JSON.parse(readFileSync(join(directory, FACTS_FILE), 'utf8')) as CorpusFacts
      return { name, directory, facts }
    })
}

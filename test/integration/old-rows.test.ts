import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METHOD_NAMES } from '../../src/protocol/methods.ts'
import { isPrintable } from '../../src/protocol/text/printable.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'
import { FAILED, PARAMS, STRANGE } from './old-rows-calls.ts'

/*
 * What an earlier version stored, or another program wrote into the files, has any length and any characters. Whatever it
 * is: every method answers, every command ends in order and prints clean lines, and the next message is answered.
 */

const FRAME_BYTES = 256 * 1_024
const LONG = '\u202Ey\u001B[31m\u0007\u2028'.padEnd(300_000, 'x')
const NOW = Date.now()
/** Beyond what a date can hold, and what is no time at all. */
const NEVER = 9_000_000_000_000_000

type Values = Readonly<Record<string, string | number | null>>
interface Row {
  table: string
  values: Values
}

let ids = 0
const nextId = (): string => `OLD${(ids += 1)}`

const inbox = (values: Values): Row => ({
  table: 'inbox',
  values: {
    conversation: ALICE,
    sender: ALICE,
    message_id: nextId(),
    kind: 'text',
    chat: '15550000002@s.whatsapp.net',
    chat_kind: 'direct',
    text: 'of old',
    sent_at: NOW,
    received_at: NOW,
    arrival: 'live',
    state: 'recorded',
    ...values,
  },
})
const outbox = (values: Values): Row => ({
  table: 'outbox',
  values: {
    conversation: ALICE,
    message_id: nextId(),
    kind: 'reply',
    chat: '15550000002@s.whatsapp.net',
    after_inbox: 0,
    text: 'of old',
    prefix_length: 0,
    state: 'failed',
    error_code: 'unconfirmed',
    error_message: 'of old',
    queued_at: NOW,
    settled_at: NOW,
    ...values,
  },
})
const held = (values: Values): Row => ({
  table: 'held',
  values: {
    address: '700000000000003@lid',
    message_id: nextId(),
    kind: 'text',
    message: JSON.stringify({
      chat: '700000000000003@lid',
      chatKind: 'direct',
      id: LONG,
      sender: { address: '700000000000003@lid', phoneNumber: null, conflict: false },
      senderName: LONG,
      content: { kind: 'text', text: LONG, quoted: { id: LONG, text: LONG } },
      mentionsUs: false,
      sentAt: new Date(NOW).toISOString(),
      arrival: 'live',
    }),
    expires_at: NOW + 3_600_000,
    ...values,
  },
})
const link = (value: string): Row => ({ table: 'facts', values: { name: 'link', value } })
const cache = (name: string, value: string, key = 'OLD'): Row => ({
  table: 'caches',
  values: { cache: name, key, value, expires_at: NOW + 290_000 },
})

/** By what they belong to; a link is one row. */
const ACCOUNT_ROWS: Readonly<Record<string, readonly Row[]>> = {
  inbox: [
    inbox({ text: LONG, sender_name: LONG, quoted_text: LONG, target_id: LONG }),
    inbox({ message_id: LONG, address: LONG, state: 'pending' }),
    inbox({ conversation: LONG, sender: LONG, chat: LONG, state: 'pending' }),
    inbox({ sent_at: NEVER, received_at: NEVER, edited_at: NEVER, state: 'pending' }),
    inbox({ kind: LONG, state: LONG, arrival: LONG, chat_kind: LONG }),
    inbox({ kind: 'reaction', text: LONG, target_id: 'OLD1' }),
  ],
  outbox: [
    outbox({ message_id: FAILED }),
    outbox({ text: LONG, error_code: LONG, error_message: LONG }),
    outbox({ conversation: LONG, chat: LONG }),
    outbox({ message_id: LONG }),
    outbox({ queued_at: NEVER, settled_at: NEVER }),
    outbox({ queued_at: -NEVER, settled_at: -NEVER }),
    outbox({ error_code: null, error_message: null, settled_at: null }),
    outbox({ kind: LONG }),
    outbox({ attempts: -1 }),
    outbox({ attempts: 1e15 }),
    outbox({ state: 'queued', text: LONG, settled_at: null }),
    outbox({ state: 'queued', message_id: `${LONG}2`, settled_at: null }),
    outbox({ state: 'queued', queued_at: NEVER, settled_at: null }),
    outbox({ state: LONG, message_id: STRANGE }),
  ],
  held: [
    held({}),
    held({ message: '{"chat":' }),
    held({ message: 'null' }),
    held({ message: '{"chat":"x","id":"y","sender":{},"content":{}}' }),
    held({ address: LONG, alternate: LONG }),
  ],
  conversations: [
    { table: 'blocked_senders', values: { sender: LONG, reason: LONG, reported_at: NEVER } },
    { table: 'notices', values: { conversation: LONG, notice: LONG, sent_at: NEVER } },
    {
      table: 'chosen_agents',
      values: { conversation: ALICE, person: ALICE, agent: LONG, last_at: NOW },
    },
    {
      table: 'chosen_models',
      values: { conversation: ALICE, person: ALICE, agent: LONG, model: LONG, last_at: NOW },
    },
    {
      table: 'turns',
      values: {
        id: LONG,
        conversation: ALICE,
        chat: '15550000002@s.whatsapp.net',
        chat_kind: 'direct',
        state: 'open',
        opened_at: NEVER,
      },
    },
    inbox({ sequence: 1_000, state: 'pending' }),
    {
      table: 'reactions',
      values: { inbox: 1_000, emoji: LONG, state: LONG, message_id: LONG, reacted_at: NEVER },
    },
  ],
  'what WhatsApp told': [
    cache('devices', LONG),
    cache('retries', LONG),
    { table: 'group_members', values: { jid: LONG, members: LONG } },
    { table: 'registered_numbers', values: { number: LONG, registered: LONG, asked_at: NEVER } },
    { table: 'lid_directory', values: { phone_number: LONG, lid: LONG, confirmed_at: NEVER } },
    { table: 'signal_keys', values: { type: 'session', id: LONG, value: 'null' } },
    {
      table: 'stanza_journal',
      values: { message_id: LONG, author: LONG, stanza: LONG, state: 'open', kept_at: NEVER },
    },
    {
      table: 'quarantined_credentials',
      values: { reason: LONG, quarantined_at: NEVER, credentials: LONG, keys: LONG },
    },
  ],
  'a long link': [link(JSON.stringify({ failures: 1, reason: LONG, linkedSince: NOW, linkedNumber: LONG }))],
  'a link of impossible times': [
    link(JSON.stringify({ failures: -1e300, reason: null, linkedSince: NEVER, linkedNumber: OWNER })),
  ],
  'a link that is null': [link('null')],
  'a link that is no JSON': [link(LONG)],
}

const event = (name: string, payload: unknown, at: string = new Date(NOW).toISOString()): Row => ({
  table: 'events',
  values: { name, at, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) },
})
const blocked = {
  account: 'default',
  phoneNumber: MALLORY,
  name: 'M',
  reason: 'not_allowed',
  at: new Date(NOW).toISOString(),
}
const EVENT_ROWS: readonly Row[] = [
  event('message.blocked', { ...blocked, phoneNumber: LONG, name: LONG, reason: LONG, account: LONG }),
  event('message.blocked', { ...blocked, phoneNumber: 7, name: {}, at: [] }),
  event('message.blocked', []),
  event('message.blocked', blocked, LONG),
  event('message.blocked', '{'),
  event('message.blocked', LONG),
  event('account.status', 'null'),
  event(LONG, blocked),
  event('__proto__', blocked),
  event('message.failed', {
    account: 'default',
    messageId: LONG,
    conversation: LONG,
    code: LONG,
    message: LONG,
    at: new Date(NOW).toISOString(),
  }),
]

/** Those that end or change the connection come last, and are not needed where it has to be the same. */
const METHODS_CALLED = METHOD_NAMES.filter(
  (name) =>
    !['session.authenticate', 'accounts.disconnect', 'accounts.takeOver', 'accounts.reconnect'].includes(
      name,
    ),
)
/** What may be refused for what it is asked, and not for what is stored. */
const FINE = [
  'webhook_not_found',
  'already_linked',
  'message_not_found',
  'message_not_failed',
  'message_under_way',
  'not_linking',
  'passkey_not_expected',
  'recipient_not_allowed',
  'not_supported',
  'agent_not_found',
  'not_attached',
  'pairing_not_found',
  'webhook_not_found',
  'conversation_not_found',
  'webhook_not_found',
  'message_not_changeable',
  'not_connected',
]

let stack: Stack

beforeEach(async () => {
  stack = await Stack.start({ allowFrom: [ALICE] })
  await stack.link()
  await stack.stopDaemon()
})
afterEach(() => stack.stop())

function insert(file: string, rows: readonly Row[]): void {
  const database = new DatabaseSync(join(stack.stateDir, file))
  try {
    const idOf = (name: string): number | bigint => {
      database
        .prepare(`INSERT INTO conversations (kind, name) VALUES ('direct', ?) ON CONFLICT DO NOTHING`)
        .run(name)
      // The column asked for.
      const row = database.prepare('SELECT id FROM conversations WHERE name = ?').get(name) as { id: number }
      return row.id
    }
    for (const { table, values: named } of rows) {
      const { conversation } = named
      const values = typeof conversation === 'string' ? { ...named, conversation: idOf(conversation) } : named
      const names = Object.keys(values)
      database
        .prepare(`INSERT OR REPLACE INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`)
        .run(...Object.values(values))
    }
  } finally {
    database.close()
  }
}

async function connect(): Promise<WireClient> {
  const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
  await client.authenticate(readFileSync(join(stack.stateDir, 'token'), 'utf8').trim())
  return client
}

/** Every line of an answer but QR codes; what people wrote may have several. */
function labels(value: unknown, key = ''): string[] {
  if (typeof value === 'string' && key === 'text') return value.split(/[\n\t]/)
  if (typeof value === 'string') return key === 'qr' ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => labels(inner, Array.isArray(value) ? key : name))
}

async function expectEveryMethod(): Promise<void> {
  const client = await connect()
  try {
    for (const method of METHODS_CALLED) {
      const { result, error } = await client.call(method, PARAMS[method])
      if (error !== undefined && !FINE.includes(error.data.code))
        expect.fail(`${method}: ${JSON.stringify(error).slice(0, 500)}`)
      const answer = result ?? error
      expect(Buffer.byteLength(JSON.stringify(answer)), method).toBeLessThanOrEqual(FRAME_BYTES)
      expect(
        labels(answer).filter((text) => !isPrintable(text)),
        method,
      ).toEqual([])
    }
    for (const frame of client.events)
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(FRAME_BYTES)
  } finally {
    client.close()
  }
}

async function expectAnswer(): Promise<void> {
  await stack.untilState('connected')
  // What was sent to Alice has taken her chat over.
  const client = await stack.client()
  await client.request('conversations.setAssistant', { conversation: ALICE, on: true }).catch(() => undefined)
  client.close()
  await stack.alice.sendText(OWNER, 'a new message')
  await stack.alice.waitForText('a new message')
}

describe('every method answers, and so does the assistant, with odd rows in', () => {
  it.each(Object.keys(ACCOUNT_ROWS))('%s', async (what) => {
    insert(join('accounts', 'default', 'account.db'), ACCOUNT_ROWS[what] ?? [])
    await stack.startDaemon()
    await stack.untilState('connected')
    await expectEveryMethod()
    await expectAnswer()
  })

  it('the log of events', async () => {
    insert('daemon.db', EVENT_ROWS)
    await stack.startDaemon()
    await expectEveryMethod()
  })
})

describe('every command ends in order, over all of it', () => {
  const COMMANDS = [
    'status',
    'status --json',
    'accounts list',
    'accounts list --json',
    'outbox list',
    'outbox list --json',
    'token',
    'open',
    `outbox retry ${FAILED}`,
    'logout --yes',
  ]

  /** What it prints are lines of which a terminal obeys nothing. */
  async function run(command: string): Promise<void> {
    const place = ['--state-dir', stack.stateDir]
    const { code, stdout, stderr } = await CommandLine.run([...command.split(' '), ...place])
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' })
    for (const line of stdout.split('\n')) {
      expect(isPrintable(line), `${command}: ${line.slice(0, 100)}`).toBe(true)
      expect(line.length, command).toBeLessThan(7_000)
    }
  }

  beforeEach(() => {
    insert(join('accounts', 'default', 'account.db'), Object.values(ACCOUNT_ROWS).flat())
    insert('daemon.db', EVENT_ROWS)
  })

  it('with the daemon', async () => {
    await stack.startDaemon()
    await stack.untilState('connected')
    for (const command of COMMANDS) await run(command)
  })

  it('without it', async () => {
    const copy = join(stack.directory, 'copy.db')
    const config = `--config ${stack.configPath}`
    await run(`backup ${copy} ${config}`)
    await run(`restore ${copy} --yes ${config}`)
    await stack.startDaemon()
    await stack.untilState('connected')
  })
})

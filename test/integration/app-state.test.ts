import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { jidDecode, proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import { afterEach, describe, expect, it } from 'vitest'
import { historyMessage, lidMigrationMessage } from '../../src/simulator/phones/first-sync.ts'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import { type Stanza, stanza } from '../../src/simulator/wire/stanza.ts'
import { MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'

const { APP_STATE_SYNC_KEY_SHARE, HISTORY_SYNC_NOTIFICATION } = proto.Message.ProtocolMessage.Type

/** An answer that waits for a query comes half a minute late. */
const PROMPTLY_MS = 20_000

const asksForAppState = ({ tag, attrs }: Stanza): boolean =>
  tag === 'iq' && attrs.xmlns === 'w:sync:app:state'

/** What the owner's phone and WhatsApp say to a linked device by themselves. */
describe('app state and history', () => {
  let stack: Stack
  let asked: Stanza[]
  let receipts: Stanza[]
  afterEach(() => stack.stop())

  const start = async (options: StackOptions = {}): Promise<void> => {
    stack = await Stack.start(options)
    asked = []
    receipts = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in') return
      if (asksForAppState(node)) asked.push(node)
      if (node.tag === 'receipt') receipts.push(node)
    })
  }
  const companion = (): LinkedCompanion => stack.owner.companions[0] as LinkedCompanion // just linked
  const isAnswered = async (text: string): Promise<void> => {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text, PROMPTLY_MS)
  }
  const isAcknowledged = (): Promise<void> =>
    expect.poll(() => companion().backlog.entries(), { timeout: PROMPTLY_MS }).toEqual([])
  const tellNews = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const id = `NEWS-${Math.random()}`
      const news = stanza('collection', { name: 'regular_high', version: String(index + 100) })
      companion().deliver(
        stanza('notification', { from: S_WHATSAPP_NET, type: 'server_sync', id, t: '1795000000' }, [news]),
      )
    }
  }
  const rows = <Row>(sql: string): Row[] => {
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'), {
      readOnly: true,
    })
    try {
      return database.prepare(sql).all() as Row[]
    } finally {
      database.close()
    }
  }

  it('are acknowledged and come to nothing: no turn, no text on disk', async () => {
    await start()
    await stack.link()
    await isAnswered('hello')
    await isAcknowledged()
    const types = receipts.map(({ attrs }) => attrs.type)
    expect(types.filter((type) => type === 'peer_msg')).toHaveLength(7)
    expect(types.filter((type) => type === 'hist_sync')).toHaveLength(4)
    expect(stack.published('message.received')).toHaveLength(1)
    expect(stack.published('message.blocked')).toEqual([])
    expect(new Set(stack.owner.received.map(({ text }) => text))).toEqual(new Set(['hello']))
    await stack.stopDaemon()
    expect(rows(`SELECT id FROM signal_keys WHERE type = 'app-state-sync-key'`)).toHaveLength(1)
    expect(rows('SELECT 1 FROM plaintext_journal WHERE length(plaintext) > 1')).toEqual([])
    expect(rows('SELECT 1 FROM stanza_journal WHERE stanza IS NOT NULL')).toEqual([])
  })

  // Who was given one writes to the account; without theirs an answer may be refused (463).
  it('bring the tokens that people gave the phone, and replace no newer one', async () => {
    await start()
    await stack.link()
    const of = (jid: string): unknown[] =>
      rows(`SELECT value ->> '$.token.data' FROM signal_keys WHERE type = 'tctoken' AND id = '${jid}'`)
    await expect.poll(() => of(stack.mallory.lid), { timeout: PROMPTLY_MS }).toHaveLength(1)
    await isAnswered('hello')
    await expect.poll(() => of(stack.alice.lid), { timeout: PROMPTLY_MS }).toHaveLength(1)
    const newer = of(stack.alice.lid)
    const conversations = [{ id: stack.alice.lid, tcToken: Buffer.alloc(16), tcTokenTimestamp: 1_000 }]
    await stack.owner.sendPeerMessage(companion(), historyMessage('RECENT', { conversations }))
    await isAcknowledged()
    await isAnswered('hello again')
    expect(of(stack.alice.lid)).toEqual(newer)
  })

  // The answer to the first message came when the query was given up, half a minute later.
  it('hold up no message after linking, where WhatsApp never answers', async () => {
    await start()
    stack.simulator.faults.withheldAnswers.add(true, { matching: asksForAppState })
    await stack.link()
    await isAnswered('the first one')
    await isAnswered('the second one')
    await isAcknowledged()
  })

  // What a notification asked for was waited for with the lock that each message needs.
  it('hold up no message and no acknowledgement later, where WhatsApp never answers', async () => {
    await start()
    await stack.link()
    await isAnswered('before')
    stack.simulator.faults.withheldAnswers.add(true, { matching: asksForAppState })
    tellNews(30)
    await isAnswered('meanwhile')
    await isAcknowledged()
  })

  it('are not asked for', async () => {
    await start()
    await stack.link()
    tellNews(3)
    await isAnswered('hello')
    await isAcknowledged()
    expect(asked).toEqual([])
  })

  it('say nothing about who is who', async () => {
    await start()
    await stack.link()
    await isAnswered('hello')
    const mallory = jidDecode(stack.mallory.lid)?.user ?? ''
    const alice = stack.alice.phoneNumber.slice(1)
    const { owner } = stack
    await owner.sendPeerMessage(companion(), lidMigrationMessage([{ phoneNumber: alice, lid: mallory }]))
    const phoneNumberToLidMappings = [{ pnJid: stack.alice.jid, lidJid: stack.mallory.lid }]
    const conversations = [{ id: stack.mallory.lid, pnJid: stack.alice.jid }]
    await owner.sendPeerMessage(
      companion(),
      historyMessage('INITIAL_BOOTSTRAP', { phoneNumberToLidMappings, conversations }),
    )
    await isAcknowledged()
    await stack.mallory.sendText(OWNER, 'I am Alice')
    await isAnswered('I am Alice myself')
    expect(stack.published('message.received')).toHaveLength(2)
    expect(stack.mallory.received).toEqual([])
    expect(stack.published('message.blocked')).toHaveLength(1)
    expect(MALLORY).toBe(stack.mallory.phoneNumber)
  })

  it('harm nothing where they are garbage', async () => {
    await start()
    await stack.link()
    const noise = Buffer.alloc(5_000, 7)
    const history = (notification: proto.Message.IHistorySyncNotification): proto.IMessage => ({
      protocolMessage: { type: HISTORY_SYNC_NOTIFICATION, historySyncNotification: notification },
    })
    const { INITIAL_BOOTSTRAP } = proto.Message.HistorySyncType
    const messages: proto.IMessage[] = [
      history({ syncType: INITIAL_BOOTSTRAP, initialHistBootstrapInlinePayload: noise }),
      history({}),
      { protocolMessage: { type: HISTORY_SYNC_NOTIFICATION } },
      { protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE } },
      { protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [{}] } } },
      { protocolMessage: { type: proto.Message.ProtocolMessage.Type.LID_MIGRATION_MAPPING_SYNC } },
      {},
    ]
    for (const message of messages) await stack.owner.sendPeerMessage(companion(), message)
    await isAnswered('still here')
    await isAcknowledged()
    expect(stack.account().state).toBe('connected')
  })

  // The history of somebody else is a forgery, and no message of theirs either.
  it('are taken from the own phone alone', async () => {
    await start()
    await stack.link()
    const keys = [{ keyId: { keyId: Buffer.from('forged') }, keyData: { keyData: Buffer.alloc(32, 1) } }]
    const forged = { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys } }
    await stack.alice.sendMessage(OWNER, { protocolMessage: forged })
    await stack.mallory.sendMessage(OWNER, { protocolMessage: forged }, { attributes: { category: 'peer' } })
    await isAnswered('hello')
    await isAcknowledged()
    await stack.stopDaemon()
    expect(rows(`SELECT id FROM signal_keys WHERE type = 'app-state-sync-key'`)).toHaveLength(1)
  })
})

import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { encodeBinaryNode } from '@whiskeysockets/baileys'
import { afterEach, describe, expect, it } from 'vitest'
import type { IncomingMessage } from '../../src/accounts/transport.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { ACCOUNT_MIGRATIONS } from '../../src/storage/account-schema.ts'
import { Database } from '../../src/storage/database.ts'
import { LinkedDevice } from '../../src/whatsapp/linked-device.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const accountFile = (stack: Stack): string => join(stack.stateDir, 'accounts', 'default', 'account.db')

describe('the journal of messages', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  // Baileys acknowledges before it tells anybody, and the ratchet cannot decrypt a second time.
  it('brings back what was acknowledged and never reached the inbox', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.alice.sendText(OWNER, 'remember me')
    await stack.alice.waitForText('remember me')
    await stack.stopDaemon()
    const database = Database.open(accountFile(stack), ACCOUNT_MIGRATIONS)
    // As a crash between the receipt and the inbox leaves it: the verdict has not fallen.
    database
      .prepare("UPDATE stanza_journal SET state = 'open', stanza = ? WHERE state = 'inboxed'")
      .run(encodeBinaryNode(stack.lastMessage()))
    const received: IncomingMessage[] = []
    const device = new LinkedDevice({
      database,
      server: () => ({
        webSocketUrl: 'ws://127.0.0.1:9/ws/chat',
        noiseRootKey: stack.simulator.noiseRootKey,
        version: null,
      }),
      timings: {},
      events: { changed: () => {}, offered: () => {}, storageFailed: () => {} },
      sink: {
        received: (message) => {
          received.push(message)
          return 'inboxed'
        },
        statusChanged: () => {},
        readyChanged: () => {},
        senderResolved: () => {},
      },
      sentText: () => null,
      allowedNumbers: () => [],
      hearsGroup: () => true,
      logger: createLogger({ level: 'silent' }),
      now: Date.now,
      random: Math.random,
    })
    device.start(0, null)
    await expect.poll(() => received.length).toBe(1)
    expect(received[0]).toMatchObject({
      sender: { phoneNumber: ALICE },
      content: { kind: 'text', text: 'remember me' },
    })
    expect(
      database.prepare("SELECT count(*) AS n FROM stanza_journal WHERE state = 'open'").get(),
    ).toMatchObject({ n: 0 })
    await device.stop()
    database.close()
  })

  it('answers a redelivery, acknowledges it again, and nobody gets a second reply', async () => {
    stack = await Stack.start()
    await stack.link()
    const { id } = await stack.alice.sendText(OWNER, 'only once')
    await stack.alice.waitForText('only once')
    const receipts = (): number => stack.alice.receipts.filter((receipt) => receipt.messageId === id).length
    const before = receipts()
    const [companion] = stack.owner.companions
    companion?.redeliver(id)
    await expect.poll(receipts).toBeGreaterThan(before)
    await stack.alice.sendText(OWNER, 'and this')
    await stack.alice.waitForText('and this')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['only once', 'and this'])
    expect(stack.alice.receipts.some(({ type }) => type === 'retry')).toBe(false)
    expect(stack.account().health?.decryptFailures).toBe(0)
  })

  it('keeps nothing of what a stranger wrote, also when it is delivered again', async () => {
    stack = await Stack.start()
    await stack.link()
    const { id } = await stack.mallory.sendText(OWNER, 'words that must not stay')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    stack.owner.companions[0]?.redeliver(id)
    await stack.alice.sendText(OWNER, 'next')
    await stack.alice.waitForText('next')
    await stack.stopDaemon()
    const database = new DatabaseSync(accountFile(stack))
    const rows = database
      .prepare(
        'SELECT state, plaintext FROM stanza_journal JOIN plaintext_journal ON stanza_sequence = sequence WHERE message_id = ?',
      )
      .all(id) as { state: string; plaintext: Uint8Array }[]
    database.close()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.plaintext).toHaveLength(1)
    expect(['blocked', 'ignored']).toContain(rows[0]?.state)
    expect(stack.mallory.received).toEqual([])
  })

  it("does not give one sender's plaintext to another who sends the same ciphertext", async () => {
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY] })
    await stack.link()
    await stack.alice.sendText(OWNER, 'between us')
    await stack.alice.waitForText('between us')
    const copied = stack.lastMessage()
    stack.simulator.faults.send({
      ...copied,
      attrs: { ...copied.attrs, id: 'FORGED1', from: stack.mallory.lid, sender_pn: stack.mallory.jid },
    })
    await stack.mallory.sendText(OWNER, 'my own words')
    await stack.mallory.waitForText('my own words')
    expect(stack.mallory.received.map(({ text }) => text)).toEqual(['my own words'])
  })
})

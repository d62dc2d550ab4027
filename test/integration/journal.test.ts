import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { textOf } from '../../src/messaging/content.ts'
import { provenNumber } from '../../src/messaging/identity.ts'
import type { IncomingMessage } from '../../src/messaging/incoming-message.ts'
import type { IntakeVerdict, Sink } from '../../src/messaging/sink.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { Database } from '../../src/storage/database/database.ts'
import type { Link, RememberedLink } from '../../src/transports/link.ts'
import { linkedDevices } from '../../src/transports/linked-device/linked-device.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const NEVER_STARTED: RememberedLink = { failures: 0, reason: null, isCopy: false }

/** As `MessageJournal` leaves what has its verdict: padding alone. */
const ERASED = new Uint8Array([1])

/** The journal's rows of one message. */
const rowsOf = (
  database: Pick<Database, 'prepare'>,
  id: string,
): { state: string; plaintext: Uint8Array }[] =>
  (
    database
      .prepare(
        'SELECT state, plaintext FROM stanza_journal JOIN plaintext_journal ON stanza_sequence = sequence WHERE message_id = ?',
      )
      // The columns asked for.
      .all(id) as { state: string; plaintext: Uint8Array }[]
  ).map(({ state, plaintext }) => ({ state, plaintext: new Uint8Array(plaintext) }))

const accountFile = (stack: Stack): string => join(stack.stateDir, 'accounts', 'default', 'account.db')

describe('the journal of messages', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const deviceOn = (
    database: Database,
    received: (message: IncomingMessage) => IntakeVerdict,
    storageFailed: (error: unknown) => void = () => {},
    now = Date.now,
  ): Link => {
    const { webSocketUrl, noiseRootKey } = stack.simulator
    const sink: Sink = {
      received,
      keepsOwnerWords: () => true,
      linked: () => {},
      wantsPast: false,
      past: () => {},
      statusChanged: () => {},
      sentAt: () => null,
      readyChanged: () => {},
      windowChanged: () => {},
      senderResolved: () => {},
      heldByApp: () => {},
      numberChanged: () => {},
      personMoved: () => {},
      groupNamed: () => {},
      personChanged: () => undefined,
      numbersLearned: () => {},
      readByOwner: () => undefined,
      sentContent: () => null,
    }
    const openLink = linkedDevices({
      server: () => ({ webSocketUrl, noiseRootKey, version: null }),
      timings: () => ({}),
    })
    return openLink({
      database,
      fence: undefined,
      account: 'default',
      directory: '',
      copiesYield: false,
      events: { changed: () => {}, offered: () => {}, passkeyMoved: () => {}, storageFailed },
      sink,
      allowedNumbers: () => [],
      listedNumbers: () => [],
      readsGroup: () => true,
      logger: createLogger({ level: 'silent' }),
      now,
      random: Math.random,
    })
  }

  /** A message that is acknowledged, and whose verdict never fell: it comes live, or waited for the client. */
  const sayToFailingInbox = async (
    database: Database,
    text: string,
    { isLive = false } = {},
  ): Promise<string> => {
    const failures: unknown[] = []
    const device = deviceOn(
      database,
      () => {
        throw new Error('the inbox takes nothing')
      },
      (error) => failures.push(error),
    )
    const sent = isLive ? null : await stack.alice.sendText(OWNER, text)
    device.start(NEVER_STARTED)
    if (isLive)
      await expect.poll(() => device.transport.ready && stack.owner.companions[0]?.isActive).toBe(true)
    const { id } = sent ?? (await stack.alice.sendText(OWNER, text))
    await expect.poll(() => failures).toHaveLength(1)
    await stack.alice.waitForReceipt(({ messageId }) => messageId === id)
    await device.stop()
    return id
  }

  // Baileys acknowledges before it tells anybody, and the ratchet cannot decrypt a second time.
  it('brings back what was acknowledged and never reached the inbox', async () => {
    stack = await Stack.start()
    await stack.link()
    // Whose LID it is must be known, as it is of everybody who was answered.
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    await stack.stopDaemon()
    const database = Database.open(accountFile(stack), ACCOUNT_MIGRATIONS)
    const id = await sayToFailingInbox(database, 'remember me')
    stack.simulator.faults.refuseUpgrade(503)
    const received: IncomingMessage[] = []
    const device = deviceOn(database, (message) => {
      received.push(message)
      return 'inboxed'
    })
    device.start(NEVER_STARTED)
    await expect.poll(() => received.length).toBe(1)
    expect(received[0]).toMatchObject({
      id,
      sender: { phoneNumber: { value: ALICE } },
      content: { kind: 'message', parts: [{ kind: 'text', text: 'remember me' }] },
    })
    expect(rowsOf(database, id)).toEqual([{ state: 'inboxed', plaintext: ERASED }])
    await device.stop()
    database.close()
  })

  // It counted as sent while nobody was there: a stranger who wrote was sent no code, though WhatsApp had told them that it arrived.
  it.each([
    ['came live is live after a short restart', true, 0, 'live'],
    ['came live is offline after a long one', true, 10 * 60_000, 'offline'],
    ['came live is offline where the clock was set back', true, -10 * 60_000, 'offline'],
    ['waited for the client is offline', false, 0, 'offline'],
  ])('what never reached the inbox and %s', async (_title, isLive, laterMs, arrival) => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const database = Database.open(accountFile(stack), ACCOUNT_MIGRATIONS)
    await sayToFailingInbox(database, 'remember me', { isLive })
    stack.simulator.faults.refuseUpgrade(503)
    const received: IncomingMessage[] = []
    const take = (message: IncomingMessage): IntakeVerdict => {
      received.push(message)
      return 'inboxed'
    }
    const device = deviceOn(database, take, undefined, () => Date.now() + laterMs)
    device.start(NEVER_STARTED)
    await expect.poll(() => received).toMatchObject([{ arrival }])
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
    await stack.stopDaemon()
    const database = new DatabaseSync(accountFile(stack))
    // What was said is in the inbox, and nowhere else; nothing waits for a verdict.
    expect(rowsOf(database, id)).toEqual([{ state: expect.not.stringMatching('open'), plaintext: ERASED }])
    database.close()
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
    const rows = rowsOf(database, id)
    database.close()
    expect(rows).toMatchObject([{ plaintext: ERASED }])
    expect(['blocked', 'ignored']).toContain(rows[0]?.state)
    expect(stack.mallory.received).toEqual([])
  })

  it("does not give one sender's plaintext to another who sends the same ciphertext", async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const database = Database.open(accountFile(stack), ACCOUNT_MIGRATIONS)
    await sayToFailingInbox(database, 'between us')
    const copied = stack.lastMessage()
    const received: unknown[] = []
    const device = deviceOn(database, ({ sender, content }) => {
      received.push([provenNumber(sender), content.kind === 'message' ? textOf(content.parts) : content.kind])
      // Its plaintext is still there when the forged one comes.
      if (provenNumber(sender) === ALICE) throw new Error('the inbox takes nothing')
      return 'inboxed'
    })
    device.start(NEVER_STARTED)
    await expect.poll(() => device.transport.ready).toBe(true)
    stack.simulator.faults.send({
      ...copied,
      attrs: { ...copied.attrs, id: 'FORGED1', from: stack.mallory.lid, sender_pn: stack.mallory.jid },
    })
    await stack.mallory.sendText(OWNER, 'my own words')
    await expect.poll(() => received.length).toBeGreaterThan(1)
    expect(received).toEqual([
      [ALICE, 'between us'],
      [MALLORY, 'my own words'],
    ])
    await device.stop()
    database.close()
  })
})

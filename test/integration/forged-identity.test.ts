import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { SendOptions } from '../../src/simulator/phones/phone-writer.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

/** Allowed, and WhatsApp tells nobody's LID: she is known by her number alone. */
const PHONE_ONLY = '+15550000005'
const SILENT_RECEIPTS: readonly (string | undefined)[] = ['delivery', 'inactive', 'retry', '']

const isLidQuestion = ({ tag, attrs, content }: Stanza): boolean =>
  tag === 'iq' &&
  attrs['xmlns'] === 'usync' &&
  Array.isArray(content) &&
  content[0]?.attrs['context'] === 'background'

const asksAbout = ({ attrs, content }: Stanza, jid: string): boolean =>
  attrs['jid'] === jid || (Array.isArray(content) && content.some((child) => asksAbout(child, jid)))

/*
 * A stanza from Mallory's LID whose envelope named Alice's number was answered as Alice's: only what was known of
 * Mallory's LID was looked at, and nothing was. The pair was stored as well, so that Mallory was Alice for good, and what
 * Mallory wrote honestly afterwards was thrown away.
 */
describe('a sender whose envelope names somebody else', () => {
  let stack: Stack
  let groups: { lid: SimulatedGroup; pn: SimulatedGroup }
  beforeEach(async () => {
    stack = await Stack.start({ allowFrom: [ALICE, PHONE_ONLY], timings: { queryTimeoutMs: 2_000 } })
    stack.simulator.createPhone({ phoneNumber: PHONE_ONLY, name: 'Phil', addressing: 'phone-only' })
    const members = [stack.owner, stack.alice, stack.mallory]
    groups = {
      lid: stack.simulator.createGroup({ subject: 'By LID', members, addressing: 'lid' }),
      pn: stack.simulator.createGroup({ subject: 'By number', members, addressing: 'pn' }),
    }
    await stack.link()
  })
  afterEach(() => stack.stop())

  /** What Mallory saw of the assistant that was not for everybody in a group. */
  const seenByMallory = (): unknown[] => [
    ...stack.mallory.received.filter(({ chat }) => !chat.endsWith('@g.us')),
    ...stack.mallory.typing.filter(({ chat }) => !chat.endsWith('@g.us')),
    ...stack.mallory.receipts.filter(({ type }) => !SILENT_RECEIPTS.includes(type)),
    ...stack.mallory.undecryptable,
  ]

  /** Resolves when the assistant has answered this; whatever came before it has its verdict then. */
  const isAnswered = async (from: SimulatedPhone, text: string, options?: SendOptions): Promise<void> => {
    await from.sendText(OWNER, text, options)
    await from.waitForText(text)
  }

  /** The directory as it is on disk: number and LID, digits. */
  const inDirectory = <T>(work: (database: DatabaseSyncInstance) => T): T => {
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
    try {
      return work(database)
    } finally {
      database.close()
    }
  }

  const pairs = (): Record<string, string> =>
    inDirectory((database) =>
      Object.fromEntries(
        // The columns asked for.
        (
          database.prepare('SELECT phone_number, lid FROM lid_directory').all() as {
            phone_number: string
            lid: string
          }[]
        ).map(({ phone_number, lid }) => [`+${phone_number}`, `${lid}@lid`]),
      ),
    )

  /** Starts the daemon with these pairs, as if WhatsApp had told them a moment ago. */
  const restartKnowing = async (known: Record<string, string>): Promise<void> => {
    await stack.stopDaemon()
    inDirectory((database) => {
      database.prepare('DELETE FROM lid_directory').run()
      for (const [number, lid] of Object.entries(known))
        database
          .prepare('INSERT INTO lid_directory (phone_number, lid, confirmed_at) VALUES (?, ?, ?)')
          .run(number.slice(1), lid.split('@')[0] ?? '', Date.now())
    })
    await stack.startDaemon()
    await stack.untilState('connected')
  }

  it('is nobody in a direct chat, and stays who they are', async () => {
    await isAnswered(stack.alice, 'hello')
    for (const addressing of ['lid', 'pn'] as const)
      await stack.mallory.sendText(OWNER, `I am Alice, by ${addressing}`, { claims: stack.alice, addressing })
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'identity_conflict')
    await stack.mallory.sendText(OWNER, 'it is me, Mallory')
    await stack.untilEvent(
      'message.blocked',
      (sender) => sender.phoneNumber === MALLORY && sender.reason === 'not_allowed',
    )
    await isAnswered(stack.alice, 'still me', { attributes: { sender_pn: '' } })
    expect(seenByMallory()).toEqual([])
    expect(stack.published('message.received').map(({ phoneNumber }) => phoneNumber)).toEqual([ALICE, ALICE])
    expect(stack.published('message.blocked').some(({ phoneNumber }) => phoneNumber === ALICE)).toBe(false)
  })

  it.each(['lid', 'pn'] as const)('is nobody in a group with %s addressing', async (mode) => {
    const group = groups[mode]
    const mention = OWNER
    await stack.mallory.sendGroupText(group, 'I am Alice', { mention, claims: stack.alice })
    const { text } = await stack.alice.sendGroupText(group, 'and I really am', { mention })
    await stack.mallory.waitForText((message) => message.from === OWNER && message.text === text)
    expect(stack.published('message.received').map(({ phoneNumber }) => phoneNumber)).toEqual([ALICE])
    expect(stack.mallory.received.filter(({ from }) => from === OWNER)).toHaveLength(1)
  })

  it('is nobody, whichever of the attributes names somebody else', async () => {
    const { alice, owner, mallory } = stack
    const hosted = alice.jid.replace('@s.whatsapp.net', ':99@hosted')
    const forged: SendOptions[] = [
      ...[
        'sender_pn',
        'participant_pn',
        'peer_recipient_pn',
        'sender_lid',
        'participant_lid',
        'peer_recipient_lid',
      ].flatMap((name) =>
        [alice.jid, alice.lid, hosted, owner.jid, owner.lid].flatMap((value) =>
          (['lid', 'pn'] as const).map((addressing) => ({
            addressing,
            attributes: { sender_pn: '', sender_lid: '', [name]: value },
          })),
        ),
      ),
      { attributes: { sender_pn: alice.jid, addressing_mode: 'pn' } },
      { addressing: 'pn', attributes: { sender_pn: alice.jid, addressing_mode: 'lid' } },
      { attributes: { participant: alice.lid, participant_pn: alice.jid } },
    ]
    for (const [index, options] of forged.entries()) await mallory.sendText(OWNER, `forged ${index}`, options)
    await isAnswered(alice, 'hello')
    await isAnswered(alice, 'by number', { addressing: 'pn' })
    expect(seenByMallory()).toEqual([])
    expect(stack.published('message.received')).toHaveLength(2)
    expect(pairs()[ALICE]).toBe(alice.lid)
    expect(pairs()[MALLORY] ?? mallory.lid).toBe(mallory.lid)
  })

  it('cannot take back or change what somebody else wrote, or what the account wrote', async () => {
    const { alice, mallory } = stack
    const asked = await alice.sendText(OWNER, 'what I asked')
    const reply = await alice.waitForText('what I asked')
    for (const claims of [alice, stack.owner]) {
      await mallory.edit({ ...asked, chat: OWNER }, 'what I did not ask', { claims })
      await mallory.revoke({ ...reply, chat: OWNER }, { claims })
      await mallory.react({ ...asked, chat: OWNER }, '👍', { claims })
    }
    await isAnswered(alice, 'next')
    expect(stack.published('message.edited')).toEqual([])
    expect(stack.published('message.revoked')).toEqual([])
    expect(seenByMallory()).toEqual([])
  })

  const isSomebodyNew = (): Promise<unknown> =>
    stack.untilEvent('message.blocked', ({ reason }) => reason === 'person_changed')

  it('is somebody new when WhatsApp knows a new LID of an allowed number, and is answered once they are allowed', async () => {
    // What was true before: Alice had another LID, and Alice's present one was somebody else's.
    await restartKnowing({ [ALICE]: '77700077700077@lid', [PHONE_ONLY]: stack.alice.lid })
    await stack.alice.sendText(OWNER, 'who am I')
    await isSomebodyNew()
    await expect.poll(() => pairs()[ALICE]).toBe(stack.alice.lid)
    stack.accounts.allowAgain?.('default', [ALICE])
    await isAnswered(stack.alice, 'my LID is new')
    expect(stack.alice.received).toHaveLength(1)
  })

  it('loses a name that it once had by the word of an envelope', async () => {
    await restartKnowing({ [ALICE]: stack.mallory.lid })
    // Alice is asked for because what her envelope says contradicts it.
    await stack.alice.sendText(OWNER, 'it is me')
    await isSomebodyNew()
    stack.accounts.allowAgain?.('default', [ALICE])
    await stack.mallory.sendText(OWNER, 'and me', { attributes: { sender_pn: '' } })
    await stack.mallory.sendText(OWNER, 'and me', { claims: stack.alice })
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'identity_conflict')
    await isAnswered(stack.alice, 'still me')
    expect(seenByMallory()).toEqual([])
  })

  it('is held while WhatsApp does not answer, and answered as soon as it does, in order', async () => {
    const { faults } = stack.simulator
    const withheld = faults.withheldAnswers.add(true, { matching: isLidQuestion })
    await restartKnowing({})
    await stack.alice.sendText(OWNER, 'one')
    await stack.mallory.sendText(OWNER, 'I am Alice', { claims: stack.alice })
    await stack.alice.sendText(OWNER, 'two')
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'lid_unresolved')
    expect(stack.published('message.received')).toEqual([])
    withheld.clear()
    await stack.accounts.reconnect('default')
    await stack.alice.waitForText('one')
    await stack.alice.waitForText('two')
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'identity_conflict')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['one', 'two'])
    expect(seenByMallory()).toEqual([])
  })

  it('does not make us ask WhatsApp without end', async () => {
    let questions = 0
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && isLidQuestion(node) && asksAbout(node, stack.alice.jid)) questions += 1
    })
    for (let index = 0; index < 40; index += 1)
      await stack.mallory.sendText(OWNER, `forged ${index}`, { claims: stack.alice })
    await isAnswered(stack.alice, 'hello')
    expect(questions).toBeLessThanOrEqual(2)
    expect(seenByMallory()).toEqual([])
  })

  // Such a pair was believed from then on, whoever had pushed it.
  it('gains nothing by pairs that are pushed to us', async () => {
    const { alice, mallory, simulator } = stack
    const payload = {
      data: {
        xwa2_notify_linked_profiles: {
          jid: mallory.lid,
          added_profiles: [{ pn: alice.jid }],
        },
      },
    }
    simulator.faults.send({
      tag: 'notification',
      attrs: { from: 's.whatsapp.net', type: 'mex', id: 'PUSHED1', t: '1795000000' },
      content: [
        {
          tag: 'update',
          attrs: { op_name: 'NotificationLinkedProfilesUpdates' },
          content: Buffer.from(JSON.stringify(payload)),
        },
      ],
    })
    simulator.faults.send({
      tag: 'iq',
      attrs: { from: 's.whatsapp.net', type: 'result', id: 'PUSHED2' },
      content: [
        {
          tag: 'usync',
          attrs: {},
          content: [
            {
              tag: 'list',
              attrs: {},
              content: [
                {
                  tag: 'user',
                  attrs: { jid: alice.jid },
                  content: [{ tag: 'lid', attrs: { val: mallory.lid } }],
                },
              ],
            },
          ],
        },
      ],
    })
    await mallory.sendText(OWNER, 'without any name', { attributes: { sender_pn: '' } })
    await mallory.sendText(OWNER, 'as Alice', { claims: alice })
    await isAnswered(alice, 'hello', { attributes: { sender_pn: '' } })
    expect(pairs()[ALICE]).toBe(alice.lid)
    expect(seenByMallory()).toEqual([])
  })

  // It had been queued while Mallory was taken for Alice.
  it('is not sent a reply that is for the person it posed as', async () => {
    const { alice, mallory, simulator } = stack
    await isAnswered(alice, 'before')
    simulator.faults.loseAcks('swallow', { account: OWNER })
    await alice.sendText(OWNER, 'for Alice alone')
    await stack.untilEvent('message.queued', () => stack.published('message.queued').length === 2)
    await stack.stopDaemon()
    inDirectory((database) => {
      const rows = database.prepare("UPDATE outbox SET chat = ? WHERE state = 'queued'").run(mallory.lid)
      expect(rows.changes).toBe(1)
    })
    simulator.faults.clear()
    await stack.startDaemon()
    await alice.waitForText('for Alice alone')
    expect(seenByMallory()).toEqual([])
  })

  it('gets nobody else to be written to at its address', async () => {
    const { alice, mallory } = stack
    await isAnswered(alice, 'hello')
    const writtenTo = new Set<string>()
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'message') writtenTo.add(node.attrs['to'] ?? '')
    })
    for (const addressing of ['lid', 'pn'] as const) {
      await mallory.sendText(OWNER, 'I am Alice', { claims: alice, addressing })
      await isAnswered(alice, `to me, by ${addressing}`, { addressing })
    }
    expect([...writtenTo].every((to) => [alice.jid, alice.lid].includes(to))).toBe(true)
    expect(seenByMallory()).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { ALICE, OWN } from '../../../conversations/desk.ts'
import { ALICE_ID, envelope, escaped, InboundDesk } from '../inbound-desk.ts'

type Fields = Record<string, unknown>

/** What the owner writes to Alice in the WhatsApp Business app. */
const echo = (desk: InboundDesk, message: Fields, field = 'smb_message_echoes'): Fields =>
  envelope(
    {
      contacts: [{ wa_id: ALICE.slice(1), user_id: ALICE_ID }],
      message_echoes: [
        {
          from: OWN.slice(1),
          to: ALICE.slice(1),
          to_user_id: ALICE_ID,
          timestamp: desk.seconds(),
          ...message,
        },
      ],
    },
    field,
  )
const handover = (desk: InboundDesk, type: string): Fields =>
  envelope(
    { messaging_handovers: [{ type, user_id: ALICE_ID, timestamp: desk.seconds() }] },
    'messaging_handovers',
  )
const assistantOf = (desk: InboundDesk): unknown => {
  const { state, pausedBy } = desk.conversations.admin.get(ALICE).assistant
  return [state, pausedBy]
}

describe('what the owner writes in the app', () => {
  it('takes the chat over; edits and deletions reach it', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hello')))
    await desk.post(echo(desk, { id: 'wamid.E1', type: 'text', text: { body: 'I am here' } }))
    expect(assistantOf(desk)).toEqual(['paused', 'phone'])
    expect(desk.texts(ALICE)).toContain('I am here')
    const edit = {
      original_message_id: 'wamid.E1',
      message: { type: 'text', text: { body: 'I am here now' } },
    }
    await desk.post(echo(desk, { id: 'wamid.E2', type: 'edit', edit }))
    expect(desk.texts(ALICE)).toContain('I am here now')
    const revoke = { original_message_id: 'wamid.E1' }
    await desk.post(echo(desk, { id: 'wamid.E3', type: 'revoke', revoke }))
    expect(desk.texts(ALICE)).not.toContain('I am here now')
    await desk.post(envelope(desk.text('and now?')))
    await desk.settle()
    expect(desk.named('message.skipped')).toMatchObject([{ reason: 'taken_over' }])
  })

  it('to somebody who may not write leaves nothing behind', async () => {
    const desk = new InboundDesk()
    desk.allow()
    await desk.post(echo(desk, { id: 'wamid.E1', type: 'text', text: { body: 'private' } }))
    const { kept } = desk.database.prepare(`SELECT count(*) AS kept FROM inbox`).get() as { kept: number }
    expect(kept).toBe(0)
    expect(desk.inbound.directory.keepsWordsOf([`bsuid:${ALICE_ID}`])).toBe(false)
  })

  it('to somebody who may not write is on no disk even before it is worked on', async () => {
    const desk = new InboundDesk({ historySync: 'recent' })
    desk.conversations.linked()
    const message = { id: 'wamid.P1', from: OWN.slice(1), type: 'text', text: { body: 'private' } }
    const past = { ...message, timestamp: desk.seconds(7_200) }
    const threads = [{ context: { wa_id: ALICE.slice(1), user_id: ALICE_ID }, messages: [past] }]
    const posted = async (): Promise<void> => {
      const bodies = [echo(desk, message), envelope({ history: [{ threads }] }, 'history')]
      const answers = bodies.map((body) => desk.postRaw(escaped(body)))
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
    }
    desk.database.prepare('CREATE TEMP TABLE seen AS SELECT content FROM business_updates WHERE 0').run()
    desk.database
      .prepare(
        'CREATE TEMP TRIGGER look AFTER INSERT ON main.business_updates BEGIN INSERT INTO seen VALUES (new.content); END',
      )
      .run()
    desk.allow()
    await posted()
    await desk.inbound.settled()
    const contents = (): string => JSON.stringify(desk.database.prepare('SELECT content FROM seen').all())
    expect(contents()).toContain('wamid.P1')
    expect(contents()).not.toContain('private')
    expect(desk.inbound.webhook.health.unsupported).toBe(0)
    // The number in it tells who Alice is: she was never seen before.
    desk.allow(ALICE)
    message.id = past.id = 'wamid.P2'
    await posted()
    expect(contents().split('private')).toHaveLength(3)
  })

  it('before the number was connected is taken in where the account wants that, and starts nothing', async () => {
    const history = (desk: InboundDesk): Fields =>
      envelope(
        {
          history: [
            {
              threads: [
                {
                  context: { wa_id: ALICE.slice(1), user_id: ALICE_ID },
                  messages: [
                    {
                      id: 'wamid.H1',
                      from: ALICE.slice(1),
                      timestamp: desk.seconds(7_200),
                      type: 'text',
                      text: { body: 'then' },
                    },
                    {
                      id: 'wamid.H2',
                      from: OWN.slice(1),
                      to: ALICE.slice(1),
                      timestamp: desk.seconds(7_100),
                      type: 'text',
                      text: { body: 'mine' },
                    },
                  ],
                },
              ],
            },
          ],
        },
        'history',
      )
    const without = new InboundDesk()
    expect((await without.post(history(without))).status).toBe(200)
    expect(without.conversations.admin.list({ limit: 50, filter: 'all' }).conversations).toEqual([])
    const desk = new InboundDesk({ historySync: 'recent' })
    desk.conversations.linked()
    await desk.post(history(desk))
    expect(desk.texts(ALICE)).toEqual(expect.arrayContaining(['then', 'mine']))
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.windows).toEqual([])
  })
})

describe('a chat that another app has', () => {
  it('is not answered until that app gives it back, and what it was asked never is', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('for the app'), 'standby'))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    await desk.post(envelope(desk.text('for us')))
    await desk.until(() => desk.transport.sent.length > 0)
    expect(desk.transport.texts()).toEqual(['for us'])
  })

  it('is taken and given back by its own webhooks, too; a late one changes nothing', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hi')))
    await desk.post(handover(desk, 'control_taken'))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
    await desk.post(handover(desk, 'control_passed'))
    expect(assistantOf(desk)).toEqual(['on', null])
    await desk.post(
      envelope(desk.wrote({ type: 'text', text: { body: 'late' }, timestamp: desk.seconds(60) }), 'standby'),
    )
    expect(assistantOf(desk)).toEqual(['on', null])
  })

  it('answers nothing that was for the app, however late it comes, and is held by nothing that is over', async () => {
    const desk = new InboundDesk({
      takeover: { onPhoneReply: true, minutes: 60, groups: false, answerMissed: true },
    })
    const standby = (body: string, ago: number): Fields =>
      envelope(desk.wrote({ type: 'text', text: { body }, timestamp: desk.seconds(ago) }), 'standby')
    // Given back, and nothing is known of when it was taken.
    await desk.post(handover(desk, 'control_passed'))
    await desk.post(standby('late', 5))
    expect(assistantOf(desk)).toEqual(['on', null])
    await desk.post(standby('/agents', 4))
    await desk.post(envelope(desk.text('for us')))
    await desk.post(standby('later still', 3))
    // Of the same second as what is for us.
    desk.aheadMs = 0
    await desk.post(standby('in the same second', 0))
    await desk.until(() => desk.transport.sent.length > 0)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['for us'])
    expect(desk.texts(ALICE)).toContain('late')
    expect(desk.named('message.skipped').map(({ reason }) => reason)).toContain('taken_over')
  })

  it('that it took after the owner had it is not answered, whenever that is told', async () => {
    const desk = new InboundDesk({
      takeover: { onPhoneReply: true, minutes: 1, groups: false, answerMissed: false },
    })
    await desk.post(envelope(desk.text('hi')))
    await desk.until(() => desk.transport.sent.length > 0)
    await desk.post(
      echo(desk, { id: 'wamid.E1', type: 'text', text: { body: 'I am here' }, timestamp: desk.seconds(50) }),
    )
    expect(assistantOf(desk)).toEqual(['paused', 'phone'])
    const taken = { type: 'control_taken', user_id: ALICE_ID, timestamp: desk.seconds(-1) }
    desk.aheadMs = 20_000
    desk.conversations.takeover.resume(ALICE, 'owner')
    await desk.post(envelope({ messaging_handovers: [taken] }, 'messaging_handovers'))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
  })

  it('holds nothing any more once somebody had the assistant answer again, whatever comes late', async () => {
    const desk = new InboundDesk()
    const standby = (body: string, secondsAgo: number): Fields =>
      envelope(desk.wrote({ type: 'text', text: { body }, timestamp: desk.seconds(secondsAgo) }), 'standby')
    await desk.post(standby('for the app', 60))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
    desk.conversations.takeover.resume(ALICE, 'owner')
    await desk.post(standby('late', 30))
    expect(assistantOf(desk)).toEqual(['on', null])
  })

  it('asks no stranger for a code in its place', async () => {
    const desk = new InboundDesk({ access: { dmPolicy: 'pairing', allowFrom: [] } })
    await desk.post(envelope(desk.text('hi'), 'standby'))
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    await desk.post(envelope(desk.text('hi')))
    await desk.until(() => desk.transport.sent.length > 0)
  })

  it('on another number is held no longer', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('for the app'), 'standby'))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
    desk.conversations.numberChanged()
    expect(assistantOf(desk)).toEqual(['on', null])
  })

  it('is not the owner’s by what that app answers', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('for the app'), 'standby'))
    await desk.post(
      echo(desk, { id: 'wamid.A1', type: 'text', text: { body: 'the app answers' } }, 'standby'),
    )
    expect(desk.texts(ALICE)).toEqual(['for the app'])
    await desk.post(handover(desk, 'control_passed'))
    expect(assistantOf(desk)).toEqual(['on', null])
  })

  it('stays the owner’s where the owner had it', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hi')))
    await desk.post(echo(desk, { id: 'wamid.E1', type: 'text', text: { body: 'I am here' } }))
    await desk.post(handover(desk, 'control_taken'))
    expect(assistantOf(desk)).toEqual(['paused', 'app'])
    await desk.post(handover(desk, 'control_passed'))
    expect(assistantOf(desk)).toEqual(['paused', 'phone'])
  })

  it('is not noted for people who may not write', async () => {
    const desk = new InboundDesk()
    desk.allow()
    await desk.post(envelope(desk.text('hi'), 'standby'))
    expect(desk.conversations.admin.list({ limit: 50, filter: 'all' }).conversations).toEqual([])
  })
})

describe('what comes in any order', () => {
  it('an edit, a deletion and a reaction before their message', async () => {
    const desk = new InboundDesk()
    const late = (id: string, body: string): Fields => desk.wrote({ id, type: 'text', text: { body } })
    const edit = { original_message_id: 'wamid.1', message: { type: 'text', text: { body: 'better' } } }
    await desk.post(envelope(desk.wrote({ type: 'edit', edit })))
    await desk.post(envelope(late('wamid.1', 'worse')))
    await desk.post(envelope(desk.wrote({ type: 'revoke', revoke: { original_message_id: 'wamid.2' } })))
    await desk.post(envelope(late('wamid.2', 'never mind')))
    await desk.post(
      envelope(desk.wrote({ type: 'reaction', reaction: { message_id: 'wamid.3', emoji: '👍' } })),
    )
    await desk.post(envelope(late('wamid.3', 'hi')))
    await desk.until(() => desk.transport.sent.length === 2)
    expect(desk.transport.texts()).toEqual(['better', 'hi'])
    expect(desk.texts(ALICE)).not.toContain('never mind')
  })

  it('opens the window with messages, calls and ads, also of people who may not write', async () => {
    const desk = new InboundDesk()
    desk.allow()
    const referral = { source_type: 'ad', source_url: 'https://fb.me/x' }
    await desk.post(
      envelope(desk.wrote({ type: 'text', text: { body: 'hi' }, timestamp: '1790000000', referral })),
    )
    const call = {
      id: 'wacid.1',
      from: ALICE.slice(1),
      from_user_id: ALICE_ID,
      event: 'connect',
      timestamp: '1790000100',
    }
    await desk.post(envelope({ calls: [call] }, 'calls'))
    expect(desk.windows).toEqual([
      {
        address: `bsuid:${ALICE_ID}`,
        at: new Date(1_790_000_000_000),
        isFreeEntry: true,
      },
      { address: `bsuid:${ALICE_ID}`, at: new Date(1_790_000_100_000), isFreeEntry: false },
    ])
  })

  it('opens no window with changes of earlier messages, and closes it where Meta says so later', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.wrote({ type: 'revoke', revoke: { original_message_id: 'wamid.1' } })))
    const edit = { original_message_id: 'wamid.1', message: { type: 'text', text: { body: 'hi' } } }
    await desk.post(envelope(desk.wrote({ type: 'edit', edit })))
    expect(desk.windows).toEqual([])
    const status = {
      id: 'wamid.OUT',
      status: 'failed',
      timestamp: desk.seconds(),
      recipient_id: ALICE.slice(1),
      errors: [{ code: 131_047, title: 'Re-engagement message' }],
    }
    await desk.post(envelope({ statuses: [{ ...status, errors: [{ code: 131_026 }], id: 'wamid.O' }] }))
    expect(desk.closedWindows).toEqual([])
    await desk.post(envelope({ statuses: [status] }))
    const address = `wa:${ALICE.slice(1)}`
    expect(desk.closedWindows).toEqual([{ address, asOf: Number(status.timestamp) * 1_000 }])
  })

  it('holds what goes out where Meta just refused a message that it had taken', async () => {
    const desk = new InboundDesk()
    const failed = (id: string, code: number, ago = 0): Record<string, unknown> => ({
      id,
      status: 'failed',
      timestamp: desk.seconds(ago),
      recipient_id: ALICE.slice(1),
      errors: [{ code }],
    })
    // The second one comes hours late, after the daemon was away.
    const statuses = [failed('wamid.1', 131_056), failed('wamid.2', 131_048, 7_200)]
    await desk.post(envelope({ statuses }))
    expect(desk.refusedLater).toEqual([{ address: `wa:${ALICE.slice(1)}`, code: 131_056 }])
  })

  it('goes on after a crash between the answer to WhatsApp and the work', async () => {
    const desk = new InboundDesk()
    desk.allow()
    const body = envelope(desk.text('hi'))
    // Nobody may write yet: it is worked on, and nothing stays.
    await desk.post(body)
    desk.allow(ALICE)
    desk.database
      .prepare(`INSERT INTO business_updates (name, author, content, kept_at) VALUES (x'01', '', ?, 0)`)
      .run(
        JSON.stringify({
          business: 'WABA',
          ownNumber: OWN,
          kind: 'message',
          message: (desk.text('left over')['messages'] as Fields[])[0],
          contact: {},
          isForApp: false,
        }),
      )
    desk.inbound.start()
    await desk.inbound.settled()
    await desk.until(() => desk.transport.sent.length > 0)
    expect(desk.transport.texts()).toEqual(['left over'])
  })

  it('marks messages of groups, and of kinds that nobody knows, as not supported', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.wrote({ type: 'text', text: { body: 'hi' }, group_id: 'g1' })))
    await desk.post(envelope(desk.wrote({ type: 'hologram', hologram: {} })))
    expect(desk.inbound.webhook.health.unsupported).toBe(2)
    expect(desk.texts(ALICE)).toHaveLength(2)
  })
})

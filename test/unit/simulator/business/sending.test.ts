import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BusinessStage, HOUR_MS } from './business-stage.ts'

describe('sending over the simulated Graph API', () => {
  let stage: BusinessStage
  beforeEach(async () => {
    stage = await BusinessStage.start()
  })
  afterEach(() => stage.stop())

  const text = (body: string) => ({ type: 'text', text: { body } })
  const failure = async (id: string): Promise<unknown> => {
    await stage.platform.settled()
    const [status] = stage.callback.statuses(id).filter(({ status }) => status === 'failed')
    return (status?.['errors'] as { code: number }[] | undefined)?.[0]?.code
  }

  it('accepts, shows the message on the phone, and tells sent, delivered and read', async () => {
    const { id: question } = stage.alice.write(stage.number, 'hello')
    const id = await stage.sent({
      ...text('good day'),
      context: { message_id: question },
      biz_opaque_callback_data: 'local-1',
    })
    expect(stage.alice.seen(stage.number).texts).toEqual([{ id, text: 'good day', quotedId: question }])
    stage.alice.read(stage.number)
    await stage.platform.settled()
    const statuses = stage.callback.statuses(id)
    expect(statuses.map(({ status }) => status).toSorted()).toEqual(['delivered', 'read', 'sent'])
    expect(statuses.every((each) => each['biz_opaque_callback_data'] === 'local-1')).toBe(true)
    expect(statuses.filter((each) => 'pricing' in each)).toHaveLength(1)
  })

  it('opens the window with each message for 24 hours, and beyond it fails by webhook (131047)', async () => {
    expect(await failure(await stage.sent(text('unasked')))).toBe(131047)
    stage.alice.write(stage.number, 'hello')
    stage.clock.now += 24 * HOUR_MS - 1
    expect(await failure(await stage.sent(text('in time')))).toBeUndefined()
    stage.clock.now += 1
    expect(await failure(await stage.sent(text('too late')))).toBe(131047)
    expect(stage.alice.seen(stage.number).texts.map((each) => each.text)).toEqual(['in time'])
    stage.alice.call(stage.number)
    expect(await failure(await stage.sent(text('after the call')))).toBeUndefined()
  })

  it('sends approved templates beyond the window, filled in, and no others', async () => {
    const components = [{ type: 'BODY' as const, text: 'Order {{1}} is on its way, {{2}}.' }]
    stage.platform.addTemplate(stage.number, { name: 'shipped', components })
    stage.platform.addTemplate(stage.number, { name: 'paused', components, status: 'PAUSED' })
    stage.platform.addTemplate(stage.number, { name: 'new', components, status: 'PENDING' })
    const template = (name: string, ...words: string[]) => ({
      type: 'template',
      template: {
        name,
        language: { code: 'en_US' },
        components: [{ type: 'body', parameters: words.map((each) => ({ type: 'text', text: each })) }],
      },
    })
    const id = await stage.sent(template('shipped', '42', 'Alice'))
    expect(stage.alice.seen(stage.number).templates).toEqual([
      { id, name: 'shipped', language: 'en_US', text: 'Order 42 is on its way, Alice.' },
    ])
    const code = async (message: object) => (await stage.send({ ...message })).body.error?.code
    expect(await code(template('shipped', '42'))).toBe(132000)
    expect(await code(template('shipped', '42', 'two\nlines'))).toBe(132012)
    expect(await code(template('paused', '1', '2'))).toBe(132015)
    expect(await code(template('new', '1', '2'))).toBe(132001)
    expect(await code(template('none'))).toBe(132001)
  })

  it('takes a number without a plus for one of its own country, and ids in `recipient`', async () => {
    const berlin = stage.platform.addPerson({ phoneNumber: '+4930123456', name: 'Bert' })
    berlin.write(stage.number, 'hello')
    expect(await failure(await stage.sent({ ...text('misdirected'), to: '4930123456' }))).toBe(131026)
    const id = berlin.userIdFor(stage.number.account.portfolio)
    const answer = await stage.send({ ...text('by id'), to: undefined, recipient: id })
    expect(answer.body['contacts']).toEqual([{ input: id, user_id: id }])
    expect(berlin.seen(stage.number).texts.map((each) => each.text)).toEqual(['by id'])
    expect((await stage.send({ ...text('to itself'), to: '+15550009000' })).body.error?.code).toBe(131021)
    expect((await stage.send({ ...text('nobody'), to: undefined })).body.error?.code).toBe(100)
  })

  it('knows people of Brazil and Mexico under other digits than those that are dialled', async () => {
    const ana = stage.platform.addPerson({ phoneNumber: '+5531987654321', name: 'Ana' })
    const juan = stage.platform.addPerson({ phoneNumber: '+525512345678', name: 'Juan' })
    for (const person of [ana, juan]) person.write(stage.number, 'oi')
    await stage.platform.settled()
    expect(stage.callback.messages.map(({ from }) => from)).toEqual(
      expect.arrayContaining(['553187654321', '5215512345678']),
    )
    const { body } = await stage.send({ ...text('olá'), to: '+5531987654321' })
    expect(body['contacts']).toEqual([{ input: '+5531987654321', wa_id: '553187654321' }])
  })

  it('lends 45 messages to one person, then one every six seconds, and others are unaffected', async () => {
    stage.alice.write(stage.number, 'hello')
    const send = async (): Promise<number | undefined> => (await stage.text('x')).body.error?.code
    for (let count = 0; count < 45; count++) expect(await send()).toBeUndefined()
    expect(await send()).toBe(131056)
    const bert = stage.platform.addPerson({ phoneNumber: '+15550000004', name: 'Bert' })
    bert.write(stage.number, 'hello')
    expect((await stage.text('x', { to: bert.phoneNumber })).status).toBe(200)
    stage.clock.now += 6_000
    expect(await send()).toBeUndefined()
    expect(await send()).toBe(131056)
  })

  it('takes 80 messages a second of a number, and 20 of one that is in the Business app', async () => {
    stage.platform.habits.pairRate = null
    stage.number.state.isOnBusinessApp = true
    stage.clock.now += 5_000
    const codes: (number | undefined)[] = []
    for (let count = 0; count < 21; count++) codes.push((await stage.text('x')).body.error?.code)
    expect(codes.findIndex((code) => code === 130429)).toBe(20)
  })

  it.each([
    [100, { type: 'text', text: { body: 'x'.repeat(4_097) } }],
    [131008, { type: 'text' }],
    [131008, { type: 'text', text: {} }],
    [131009, { ...text('x'), context: { message_id: 'wamid.unknown' } }],
    [131051, { type: 'poll', poll: {} }],
    [131009, { type: 'reaction', reaction: { message_id: 'x', emoji: '👍' }, context: { message_id: 'x' } }],
    [100, { ...text('x'), biz_opaque_callback_data: 'x'.repeat(513) }],
    [131009, { type: 'image', image: { id: '1', link: 'http://127.0.0.1/' } }],
    [131009, { type: 'image', image: { id: '12345' } }],
    [
      131009,
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'which?' },
          action: {
            buttons: [1, 2, 3, 4].map((id) => ({
              type: 'reply',
              reply: { id: String(id), title: `b${id}` },
            })),
          },
        },
      },
    ],
    [
      131009,
      {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'which?' },
          action: {
            button: 'Open',
            sections: [{ rows: Array.from({ length: 11 }, (_, id) => ({ id: `${id}`, title: `r${id}` })) }],
          },
        },
      },
    ],
    [100, { messaging_product: 'sms', ...text('x') }],
  ])('refuses with %i what is not as it must be', async (code, message) => {
    stage.alice.write(stage.number, 'hello')
    expect((await stage.send(message)).body.error?.code).toBe(code)
  })

  it('shows choices, and what was chosen comes back with a reference', async () => {
    stage.alice.write(stage.number, 'hello')
    const reply = { id: 'yes', title: 'Yes' }
    const id = await stage.sent({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Really?' },
        action: { buttons: [{ type: 'reply', reply }] },
      },
    })
    stage.alice.choose(stage.number, 'Yes')
    await stage.platform.settled()
    expect(stage.callback.messages.find(({ type }) => type === 'interactive')).toMatchObject({
      interactive: { type: 'button_reply', button_reply: reply },
      context: { from: '15550009000', id },
    })
  })

  it('marks everything up to a message as read, and shows typing for 25 seconds or until the answer', async () => {
    const [first, second, third] = ['1', '2', '3'].map((each) => stage.alice.write(stage.number, each))
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: second?.id }
    const path = `/v25.0/${stage.number.phoneNumberId}/messages`
    expect((await stage.call('POST', path, { ...read, typing_indicator: { type: 'text' } })).body).toEqual({
      success: true,
    })
    expect(stage.alice.seen(stage.number)).toMatchObject({ readIds: [first?.id, second?.id], isTyping: true })
    await stage.call('POST', path, read)
    expect(stage.alice.seen(stage.number).readIds).not.toContain(third?.id)
    stage.clock.now += 25_000
    expect(stage.alice.seen(stage.number).isTyping).toBe(false)
    expect((await stage.call('POST', path, { ...read, message_id: 'wamid.none' })).body.error?.code).toBe(
      131009,
    )
  })

  it('delivers when the phone is there again', async () => {
    stage.alice.write(stage.number, 'hello')
    stage.alice.setOnline(false)
    const id = await stage.sent(text('later'))
    await stage.platform.settled()
    expect(stage.callback.statuses(id).map(({ status }) => status)).toEqual(['sent'])
    stage.alice.setOnline(true)
    await stage.platform.settled()
    expect(stage.callback.statuses(id).map(({ status }) => status)).toContain('delivered')
  })

  it('refuses wrong, expired, revoked and foreign tokens, and unknown ids, as Meta does', async () => {
    const { platform, number } = stage
    const path = `/v25.0/${number.phoneNumberId}/messages`
    const body = { messaging_product: 'whatsapp', to: stage.alice.phoneNumber, ...text('x') }
    const error = async (headers: Record<string, string>, where = path) =>
      stage.call('POST', where, body, headers).then(({ status, body }) => ({ status, ...body.error }))
    expect(await error({ Authorization: 'Bearer wrong' })).toMatchObject({ status: 401, code: 190 })
    expect(await error({})).toMatchObject({ status: 401, code: 190 })
    const own = { Authorization: `Bearer ${number.accessToken}` }
    expect(await error(own, '/v25.0/12345/messages')).toMatchObject({
      status: 400,
      code: 100,
      error_subcode: 33,
    })
    const other = platform.addNumber({ phoneNumber: '+15550009001', name: 'Other' })
    expect(await error({ Authorization: `Bearer ${other.accessToken}` })).toMatchObject({
      code: 100,
      error_subcode: 33,
    })
    platform.endToken(number, 'expired')
    expect(await error(own)).toMatchObject({ status: 401, code: 190, error_subcode: 463 })
    const renewed = { Authorization: `Bearer ${platform.renewToken(number, { scopes: [] })}` }
    expect(await error(renewed)).toMatchObject({ status: 403, code: 10 })
  })
})

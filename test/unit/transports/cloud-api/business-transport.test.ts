import { describe, expect, it } from 'vitest'
import type { OutgoingContent } from '../../../../src/messaging/outgoing-message.ts'
import { ANNA, BEN, BusinessDesk, NEVER } from './business-desk.ts'

const direct = (address: string) => ({ kind: 'direct' as const, address })

describe('a message of a Business number', () => {
  it('goes to the id of a person, or to a number with its plus sign, never to both', async () => {
    const desk = await BusinessDesk.start()
    desk.numbers.set(ANNA, '+43660000001')
    const message = desk.text('hello')
    expect(await desk.transport.send(message, NEVER)).toMatchObject({
      outcome: 'acknowledged',
      remoteId: 'wamid.1',
    })
    await desk.transport.send(desk.text('hello', BEN), NEVER)
    expect(desk.server.requests.map(({ json }) => [json['recipient'], json['to']])).toEqual([
      ['AT.98aZ', undefined],
      [undefined, '+43660000002'],
    ])
    expect(desk.server.requests[0]).toMatchObject({
      path: '/v25.0/111/messages',
      json: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        biz_opaque_callback_data: message.localId,
        type: 'text',
        text: { body: 'hello', preview_url: false },
      },
    })
  })

  it('goes to the number where Meta takes no id for it, if that is known to be theirs', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = ({ json }) =>
      json['to'] === undefined
        ? { status: 400, json: { error: { code: 131062, message: 'needs a number' } } }
        : { json: { messages: [{ id: 'wamid.2' }] } }
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({
      outcome: 'refused',
      code: 'number_needed',
    })
    desk.numbers.set(ANNA, '+43660000001')
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({ outcome: 'acknowledged' })
    expect(desk.server.requests.at(-1)?.json).toMatchObject({ to: '+43660000001' })
    expect(desk.server.requests.at(-1)?.json['recipient']).toBeUndefined()
  })

  it.each([
    [{ code: 131009, message: 'Parameter value is not valid' }, 1],
    [{ code: 100, message: 'Invalid parameter' }, 1],
    [{ code: 100, message: '(#100) The parameter to is required.' }, 2],
  ])('goes to no number where the id may be nobody’s any more: %j', async (error, requests) => {
    const desk = await BusinessDesk.start()
    desk.numbers.set(ANNA, '+43660000001')
    desk.server.answer = () => ({ status: 400, json: { error } })
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({ outcome: 'refused' })
    expect(desk.server.requests).toHaveLength(requests)
  })

  it('tells who it went to, by the answer', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = () => ({
      json: {
        contacts: [{ input: '+5511912345678', wa_id: '551112345678', user_id: 'BR.1' }],
        messages: [{ id: 'wamid.1' }],
      },
    })
    await desk.transport.send(desk.text('hello', 'wa:5511912345678'), NEVER)
    expect(desk.answered).toEqual([
      { address: 'wa:5511912345678', number: '551112345678', businessId: 'BR.1' },
    ])
  })

  it('is not known to have left where its answer was lost, and to have stayed where nothing went out', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = () => 'reset'
    const lost = await desk.transport.send(desk.text('hello'), NEVER)
    expect(lost).toMatchObject({ outcome: 'unconfirmed' })
    expect(lost).not.toHaveProperty('nothingLeft')
    for (const json of [{}, { messages: [] }, { messages: [{ id: 7 }] }]) {
      desk.server.answer = () => ({ json })
      expect(await desk.transport.send(desk.text('hello'), NEVER)).not.toHaveProperty('nothingLeft')
    }
    desk.server.answer = () => ({ status: 503, json: { error: { code: 131016 } } })
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({ nothingLeft: true })
    const { length } = desk.server.requests
    const takenBack = { ...desk.text('hello'), mayLeave: () => false }
    expect(await desk.transport.send(takenBack, NEVER)).toMatchObject({
      nothingLeft: true,
      interrupted: true,
    })
    desk.transport.readyChanged(false)
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({ nothingLeft: true })
    expect(desk.server.requests).toHaveLength(length)
  })

  it('does not leave where another process may own the account by now', async () => {
    const desk = await BusinessDesk.start({
      fence: () => {
        throw new Error('another process owns it')
      },
    })
    expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({ nothingLeft: true })
    expect(desk.server.requests).toEqual([])
  })

  it('does not leave beyond the 24 hours, and closes the window where Meta says that it is closed', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = () => ({ status: 400, json: { error: { code: 131047 } } })
    for (const requests of [1, 1]) {
      expect(await desk.transport.send(desk.text('hello'), NEVER)).toMatchObject({
        outcome: 'refused',
        code: 'window_closed',
      })
      expect(desk.server.requests).toHaveLength(requests)
    }
  })

  it('is held, and not refused, while Meta wants none of it', async () => {
    const desk = await BusinessDesk.start()
    desk.server.answer = () => ({ status: 400, json: { error: { code: 131056 } } })
    const held = await desk.transport.send(desk.text('hello'), NEVER)
    expect(held).toMatchObject({
      outcome: 'unconfirmed',
      nothingLeft: true,
      hold: { scope: 'chat', code: 'pair_rate' },
    })
    expect(desk.transport.holdOf(direct(ANNA))).toMatchObject({ code: 'pair_rate' })
    expect(desk.transport.hold).toBeNull()
    // Others go on.
    desk.server.answer = () => ({ status: 401, json: { error: { code: 190, error_subcode: 463 } } })
    await desk.transport.send(desk.text('hello', BEN), NEVER)
    const { length } = desk.server.requests
    expect(desk.transport.hold).toMatchObject({ scope: 'account', code: 'token' })
    expect(desk.transport.hold?.message).toContain('has expired')
    expect(await desk.transport.send(desk.text('again', BEN), NEVER)).toMatchObject({
      hold: { code: 'token' },
    })
    expect(desk.server.requests).toHaveLength(length)
    desk.transport.tryAgain()
    expect(desk.transport.holdOf(direct(BEN))).toBeNull()
  })
})

describe('what a message says', () => {
  it.each<[string, OutgoingContent, unknown]>([
    [
      'a text with a link, which answers another message',
      {
        kind: 'message',
        part: { kind: 'text', text: 'see https://example.com' },
        quote: { message: { chat: direct(ANNA), id: 'wamid.q', sender: ANNA }, text: 'where?' },
      },
      {
        type: 'text',
        text: { body: 'see https://example.com', preview_url: true },
        context: { message_id: 'wamid.q' },
      },
    ],
    [
      'a reaction',
      {
        kind: 'reaction',
        emoji: '👍',
        target: { chat: direct(ANNA), id: 'wamid.t', sender: ANNA },
        at: new Date(),
      },
      { type: 'reaction', reaction: { message_id: 'wamid.t', emoji: '👍' } },
    ],
    [
      'a reaction that is taken back',
      {
        kind: 'reaction',
        emoji: '',
        target: { chat: direct(ANNA), id: 'wamid.t', sender: ANNA },
        at: new Date(),
      },
      { type: 'reaction', reaction: { message_id: 'wamid.t', emoji: '' } },
    ],
    [
      'a place, as strings',
      {
        kind: 'message',
        part: { kind: 'location', latitude: 48.2, longitude: 16.37, name: 'Here', address: null },
      },
      { type: 'location', location: { latitude: '48.2', longitude: '16.37', name: 'Here' } },
    ],
    [
      'a contact',
      { kind: 'message', part: { kind: 'contact', name: 'Ben', phoneNumbers: ['+43660000002'] } },
      {
        type: 'contacts',
        contacts: [
          {
            name: { formatted_name: 'Ben', first_name: 'Ben' },
            phones: [{ phone: '+43660000002', type: 'CELL' }],
          },
        ],
      },
    ],
    [
      'two contacts',
      {
        kind: 'message',
        part: {
          kind: 'contacts',
          contacts: [
            { name: 'Ben', phoneNumbers: ['+43660000002'] },
            { name: 'Cleo', phoneNumbers: [] },
          ],
        },
      },
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Ben' } }, { name: { formatted_name: 'Cleo' } }],
      },
    ],
    [
      'buttons',
      {
        kind: 'message',
        part: {
          kind: 'choices',
          text: 'Which day?',
          choices: { kind: 'buttons', buttons: [{ id: 'mo', title: 'Monday' }] },
        },
      },
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'Which day?' },
          action: { buttons: [{ type: 'reply', reply: { id: 'mo', title: 'Monday' } }] },
        },
      },
    ],
    [
      'a list',
      {
        kind: 'message',
        part: {
          kind: 'choices',
          text: 'Which day?',
          choices: {
            kind: 'list',
            button: 'Days',
            sections: [{ title: null, rows: [{ id: 'mo', title: 'Monday', description: null }] }],
          },
        },
      },
      {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'Which day?' },
          action: { button: 'Days', sections: [{ rows: [{ id: 'mo', title: 'Monday' }] }] },
        },
      },
    ],
    [
      'a request for the number',
      { kind: 'message', part: { kind: 'number-request', text: 'May we call you?' } },
      {
        type: 'interactive',
        interactive: {
          type: 'request_contact_info',
          body: { text: 'May we call you?' },
          action: { name: 'request_contact_info' },
        },
      },
    ],
    [
      'a template with all that can be filled in',
      {
        kind: 'message',
        part: {
          kind: 'template',
          name: 'order',
          language: 'de',
          text: 'Hello Ben',
          components: [
            {
              kind: 'header',
              parameters: [{ kind: 'document', link: 'https://a.example/b.pdf', fileName: 'b.pdf' }],
            },
            {
              kind: 'body',
              parameters: [
                { kind: 'text', name: null, text: 'Ben' },
                { kind: 'text', name: 'day', text: 'Monday' },
              ],
            },
            { kind: 'button', index: 0, button: 'url', value: 'x1' },
            { kind: 'button', index: 1, button: 'reply', value: 'yes' },
          ],
        },
      },
      {
        type: 'template',
        template: {
          name: 'order',
          language: { code: 'de' },
          components: [
            {
              type: 'header',
              parameters: [
                { type: 'document', document: { link: 'https://a.example/b.pdf', filename: 'b.pdf' } },
              ],
            },
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Ben' },
                { type: 'text', text: 'Monday', parameter_name: 'day' },
              ],
            },
            { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'x1' }] },
            {
              type: 'button',
              sub_type: 'quick_reply',
              index: '1',
              parameters: [{ type: 'payload', payload: 'yes' }],
            },
          ],
        },
      },
    ],
  ])('%s', async (_what, content, expected) => {
    const desk = await BusinessDesk.start()
    expect(await desk.transport.send(desk.message(content), NEVER)).toMatchObject({ outcome: 'acknowledged' })
    expect(desk.server.requests[0]?.json).toMatchObject(expected as object)
  })

  it('cannot be everything: what a Business number has no way to say is refused before it leaves', async () => {
    const desk = await BusinessDesk.start()
    const target = { chat: direct(ANNA), id: 'wamid.t', sender: null, isOurs: true as const }
    const contents: OutgoingContent[] = [
      { kind: 'revoke', target },
      { kind: 'edit', text: 'other', target, at: new Date() },
      { kind: 'message', part: { kind: 'text', text: 'x'.repeat(4_097) } },
      { kind: 'message', part: { kind: 'poll', question: '?', options: ['a', 'b'], choices: 1, secret: '' } },
    ]
    for (const content of contents)
      expect(await desk.transport.send(desk.message(content), NEVER)).toMatchObject({ outcome: 'refused' })
    const toGroup = { ...desk.text('hello'), chat: { kind: 'group' as const, address: 'a group' } }
    expect(await desk.transport.send(toGroup, NEVER)).toMatchObject({ outcome: 'refused' })
    expect(await desk.transport.send(desk.text('hello', '15550001111@s.whatsapp.net'), NEVER)).toMatchObject({
      outcome: 'refused',
    })
    expect(desk.server.requests).toEqual([])
  })
})

describe('marks at what people wrote', () => {
  const about = (id: string, address = ANNA) => ({ chat: direct(address), id, sender: address })

  it('stand at the newest message of each chat, and "typing…" marks as read with the same call', async () => {
    const desk = await BusinessDesk.start()
    await desk.transport.markRead([about('wamid.1'), about('wamid.2'), about('wamid.b', BEN)])
    await desk.transport.setTyping(direct(ANNA), true, about('wamid.2'))
    await expect.poll(() => desk.server.requests.length).toBe(2)
    expect(desk.server.requests.map(({ json }) => json)).toEqual(
      expect.arrayContaining([
        {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: 'wamid.2',
          typing_indicator: { type: 'text' },
        },
        { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.b' },
      ]),
    )
  })

  it('are not made for our own messages, without one to stand at, and not while nothing goes out', async () => {
    const desk = await BusinessDesk.start()
    await desk.transport.markRead([{ chat: direct(ANNA), id: 'wamid.o', sender: null, isOurs: true }])
    await desk.transport.setTyping(direct(ANNA), true)
    await desk.transport.setTyping(direct(BEN), true, about('wamid.b', BEN))
    desk.transport.readyChanged(false)
    desk.transport.readyChanged(true)
    await desk.transport.markRead([about('wamid.last')])
    await expect.poll(() => desk.server.requests.length).toBe(1)
    expect(desk.server.requests[0]?.json).toMatchObject({ message_id: 'wamid.last' })
  })
})

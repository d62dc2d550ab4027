import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Requester, SendRequest } from '../../../../src/conversations/sending/send-request.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, BOB, Desk } from '../desk.ts'

const OWNER: Requester = { author: 'owner', by: 'api', mayForce: false }
const HOUR_MS = 3_600_000
const LIST = {
  button: 'Choose',
  sections: [
    { title: 'Hot', rows: [{ id: 't', title: 'Tea', description: 'with milk' }, { title: 'Coffee' }] },
    { title: 'Cold', rows: [{ title: 'Water' }] },
  ],
}

let desk: Desk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.conversations.start()
})
afterEach(() => void vi.useRealTimers())

const send = (request: Partial<SendRequest>, to = ALICE) =>
  desk.conversations.sending.send({ to, ...request }, OWNER)
async function sent(request: Partial<SendRequest>): Promise<unknown> {
  const before = desk.transport.sent.length
  await send(request)
  await desk.until(() => desk.transport.sent.length > before)
  return desk.transport.sent.at(-1)?.part
}
const shown = () => desk.conversations.admin.messages(ALICE, { limit: 1 }).messages[0]

describe('messages.send', () => {
  it('sends a place and contacts, over every transport', async () => {
    const people = [
      { name: 'Ann', phoneNumbers: ['+1 (555) 000-9'] },
      { name: 'Bob', phoneNumbers: ['+15550008'] },
    ]
    for (const each of [desk, new Desk()]) {
      desk = each
      desk.conversations.start()
      expect(await sent({ location: { latitude: 48.2, longitude: 16.4, name: 'Vienna' } })).toEqual({
        kind: 'location',
        latitude: 48.2,
        longitude: 16.4,
        name: 'Vienna',
        address: null,
      })
      expect(await sent({ contacts: people.slice(0, 1) })).toEqual({
        kind: 'contact',
        name: 'Ann',
        phoneNumbers: ['+15550009'],
      })
      expect(await sent({ contacts: people })).toMatchObject({
        kind: 'contacts',
        contacts: [{}, { name: 'Bob' }],
      })
      expect(shown()?.details).toMatchObject([
        { type: 'contact', name: 'Ann' },
        { type: 'contact', name: 'Bob' },
      ])
    }
  })

  it('offers buttons and a list, whose ids are their titles where none are given', async () => {
    const buttons = [{ title: 'Yes' }, { id: 'n', title: 'No' }]
    expect(await sent({ text: 'Tea?', choices: { buttons } })).toEqual({
      kind: 'choices',
      text: 'Tea?',
      choices: {
        kind: 'buttons',
        buttons: [
          { id: 'Yes', title: 'Yes' },
          { id: 'n', title: 'No' },
        ],
      },
    })
    expect(await sent({ text: 'What?', choices: LIST })).toMatchObject({
      choices: {
        kind: 'list',
        button: 'Choose',
        sections: [{ title: 'Hot', rows: [{ id: 't' }, { id: 'Coffee' }] }, {}],
      },
    })
    expect(shown()).toMatchObject({
      text: 'What?\n1. Tea – with milk\n2. Coffee\n3. Water',
      details: [
        { type: 'choices', button: 'Choose', options: [{ id: 't' }, { id: 'Coffee' }, { id: 'Water' }] },
      ],
    })
  })

  it.each([
    [
      'two buttons of one title',
      {
        buttons: [
          { id: 'a', title: 'Yes' },
          { id: 'b', title: 'Yes' },
        ],
      },
      'choices.buttons',
    ],
    [
      'two buttons of one id',
      {
        buttons: [
          { id: 'a', title: 'Yes' },
          { id: 'a', title: 'No' },
        ],
      },
      'choices',
    ],
    [
      'a section without a title',
      { ...LIST, sections: [LIST.sections[0], { rows: [{ title: 'x' }] }] },
      'choices.sections',
    ],
    [
      'eleven rows',
      {
        button: 'x',
        sections: [1, 2].map((section) => ({
          title: `${section}`,
          rows: Array.from({ length: 6 }, (_each, row) => ({ title: `${section} ${row}` })),
        })),
      },
      'choices.sections',
    ],
  ])('refuses %s, by the name of the place', async (_what, choices, place) => {
    const refused = send({ text: 'x', choices: choices as SendRequest['choices'] })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringMatching(new RegExp(`^${place} `)),
    })
  })

  it('refuses a text that is too long above choices, and one that is longer than the number sends', async () => {
    const choices = { buttons: [{ title: 'Yes' }] }
    await expect(send({ text: 'x'.repeat(1_025), choices })).rejects.toMatchObject({ code: 'invalid_params' })
    await expect(send({ text: 'x'.repeat(4_097) })).rejects.toMatchObject({ code: 'invalid_params' })
    await send({ text: 'x'.repeat(4_096) })
  })

  it.each([
    ['nothing', {}],
    ['two things', { text: 'x', location: { latitude: 1, longitude: 1 } }],
    ['choices without a text', { choices: { buttons: [{ title: 'x' }] } }],
    [
      'choices below a place',
      { location: { latitude: 1, longitude: 1 }, choices: { buttons: [{ title: 'x' }] } },
    ],
    [
      'two things below a text',
      { text: 'x', requestNumber: true as const, choices: { buttons: [{ title: 'x' }] } },
    ],
  ])('refuses %s', async (_what, request) => {
    await expect(send(request)).rejects.toMatchObject({ code: 'invalid_params' })
  })

  it.each([
    ['a template', { template: { name: 'x' } }, 'templates'],
    ['choices', { text: 'x', choices: { buttons: [{ title: 'x' }] } }, 'choices'],
    ['a request for the number', { text: 'x', requestNumber: true as const }, 'asksForNumber'],
  ])('refuses %s of a number that has no such messages', async (_what, request, capability) => {
    desk = new Desk()
    desk.conversations.start()
    await expect(send(request)).rejects.toMatchObject({ code: 'not_supported', details: { capability } })
    await expect(desk.conversations.sending.templates({})).rejects.toMatchObject({ code: 'not_supported' })
  })

  it('sends the same request once, and another one with its id not at all', async () => {
    const request = { text: 'Tea?', choices: { buttons: [{ title: 'Yes' }] }, clientMessageId: 'mine' }
    const first = await send(request)
    expect(await send(request)).toMatchObject({ messageId: first.messageId, isNew: false })
    const other = { ...request, choices: { buttons: [{ title: 'No' }] } }
    await expect(send(other)).rejects.toMatchObject({ code: 'client_message_id_reused' })
  })
})

describe('a request for the phone number', () => {
  const ask = (to = ALICE) => send({ text: 'May we have your number?', requestNumber: true }, to)

  it('goes out once a day in each conversation, also over a restart', async () => {
    await ask()
    await desk.until(() => desk.transport.sent.length === 1)
    expect(desk.transport.sent[0]?.part).toEqual({ kind: 'number-request', text: 'May we have your number?' })
    await desk.restart()
    desk.conversations.start()
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' })
    await ask(BOB)
    vi.setSystemTime(Date.now() + 24 * HOUR_MS)
    await ask()
  })

  it('does not count where it did not arrive', async () => {
    desk.transport.answer = () => ({ outcome: 'refused', code: 'x', message: 'no' })
    await ask()
    await desk.until(() => desk.named('message.failed').length === 1)
    await ask()
  })
})

import { expect, it } from 'vitest'
import { toTurnJson } from '../../../../src/agents/turn-json/turn-json.ts'
import { turnJsonSchema } from '../../../../src/protocol/agent/turn-json.ts'
import { turnMessageOf, turnOf } from '../../../support/turn-of.ts'

it('carries everything that a turn says, as its schema describes it', () => {
  const sender = { phoneNumber: '+15550001111', name: 'Ann' }
  const turn = turnOf({
    isGroup: true,
    chat: { kind: 'group', name: 'Choir' },
    messages: [
      turnMessageOf({
        text: '@Bob look',
        written: '@15550002222 look',
        mentions: [{ name: 'Bob', phoneNumber: '+15550002222', isAssistant: false }],
        attachments: [
          { kind: 'image', what: 'photo', name: null, mimeType: 'image/jpeg', size: 10, path: '/tmp/a.jpg' },
        ],
        quoted: { id: 'Q', text: null, what: 'photo', from: 'owner' },
      }),
    ],
    history: [{ from: 'person', text: 'hi', at: new Date(0), sender, edited: true, reactions: ['👍'] }],
    instructions: 'Be kind.',
    model: 'small',
    timeZone: 'Europe/Berlin',
    askedAt: new Date('2026-11-30T11:00:00Z'),
    deadline: new Date('2026-11-30T11:02:00Z'),
  })
  const json = toTurnJson(turn)
  expect(turnJsonSchema.strict().parse(JSON.parse(JSON.stringify(json)))).toEqual(json)
  const { askedAt: _askedAt, ...rest } = turn
  expect(json).toEqual({
    ...rest,
    type: 'turn',
    messages: [{ ...turn.messages[0], sentAt: '1970-01-01T00:00:00.000Z' }],
    history: [{ ...turn.history[0], at: '1970-01-01T00:00:00.000Z' }],
    localTime: '2026-11-30T12:00:00+01:00',
    deadline: '2026-11-30T11:02:00.000Z',
  })
})

import { expect, test } from 'vitest'
import { demoProgress } from '../../../../src/web/demo/demo-progress.ts'
import type { PhoneView } from '../../../../src/protocol/demo-state.ts'

const OWNER: PhoneView = {
  phoneNumber: '+15555550100',
  name: 'Owner',
  linkedDevices: [],
  asksForCode: false,
  hasPasskey: false,
  passkeyLink: null,
  chats: [],
}
const LINKED: PhoneView = {
  ...OWNER,
  linkedDevices: [{ deviceId: 1, name: 'Mac OS', isConnected: true, linkedAt: '2026-03-03T12:00:00.000Z' }],
}
const ALICE: PhoneView = { ...OWNER, phoneNumber: '+15555550101', name: 'Alice' }
const ANSWERED: PhoneView = {
  ...ALICE,
  chats: [
    {
      with: OWNER.phoneNumber,
      name: 'Owner',
      isTyping: false,
      messages: [
        {
          id: '1',
          direction: 'in',
          author: null,
          text: 'hello',
          media: null,
          card: null,
          isEdited: false,
          isDeleted: false,
          quote: null,
          reactions: [],
          at: '2026-03-03T12:00:00.000Z',
          viaLinkedDevice: false,
          status: null,
        },
      ],
    },
  ],
}

test.each([
  ['at first', null, OWNER, ALICE, ['now', 'later', 'later']],
  ['not linked', 'unlinked', OWNER, ALICE, ['now', 'later', 'later']],
  ['a code is shown', 'awaiting_scan', OWNER, ALICE, ['done', 'now', 'later']],
  ['connected', 'connected', LINKED, ALICE, ['done', 'done', 'now']],
  ['answered', 'connected', LINKED, ANSWERED, ['done', 'done', 'done']],
  ['removed on the phone', 'logged_out', OWNER, ANSWERED, ['now', 'later', 'later']],
] as const)('%s', (_when, state, owner, contact, expected) => {
  expect(
    demoProgress({ state, owner, contacts: [contact], business: null }).map(({ status }) => status),
  ).toEqual(expected)
})

test('the third step names the contact', () => {
  expect(demoProgress({ state: null, owner: OWNER, contacts: [ALICE], business: null })[2]?.title).toBe(
    'Write as Alice',
  )
})

test('a Business number is written to at once, answered by hand, and a day passes', () => {
  const business = { phoneNumber: OWNER.phoneNumber, aheadMs: 0 }
  const byHand: PhoneView = {
    ...OWNER,
    chats: ANSWERED.chats.map((chat) => ({
      ...chat,
      messages: chat.messages.map((message) => ({ ...message, direction: 'out' as const })),
    })),
  }
  const statuses = (o: Partial<Parameters<typeof demoProgress>[0]>) =>
    demoProgress({ state: 'connected', owner: OWNER, contacts: [ALICE], business, ...o }).map(
      ({ status }) => status,
    )
  expect(statuses({})).toEqual(['now', 'later', 'later'])
  expect(statuses({ contacts: [ANSWERED] })).toEqual(['done', 'now', 'later'])
  expect(statuses({ contacts: [ANSWERED], owner: byHand })).toEqual(['done', 'done', 'now'])
  const tomorrow = { ...business, aheadMs: 24 * 3_600_000 }
  expect(statuses({ contacts: [ANSWERED], owner: byHand, business: tomorrow })).toEqual([
    'done',
    'done',
    'done',
  ])
})

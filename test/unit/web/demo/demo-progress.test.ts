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
  expect(demoProgress(state, owner, [contact]).map(({ status }) => status)).toEqual(expected)
})

test('the third step names the contact', () => {
  expect(demoProgress(null, OWNER, [ALICE])[2]?.title).toBe('Write as Alice')
})

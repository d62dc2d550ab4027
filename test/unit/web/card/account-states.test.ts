import { expect, test } from 'vitest'
import { shownState } from '../../../../src/web/card/account-states.ts'
import { ACCOUNT_STATES } from '../../../../src/protocol/account/account-states.ts'
import type { AccountView } from '../../../../src/protocol/account/account.ts'
import { account } from '../../../browser/account-fixture.ts'

const BY_TOKEN: AccountView['capabilities'] = {
  linking: ['token'],
  groups: false,
  reactions: true,
  revisions: null,
  receipts: true,
  typing: true,
  typingMarksRead: true,
  windowMs: 86_400_000,
  isCharged: true,
  templates: true,
  choices: { buttons: 3, rows: 10 },
  polls: false,
  selfChat: false,
  asksForNumber: true,
  textLimit: 4_096,
  media: {},
}
const WITHOUT_ACTION = new Set(['confirming', 'stopped'])

test.each(ACCOUNT_STATES)('%s offers a way on', (state) => {
  const linked = shownState(account(state, null, { linked: true }))
  expect(linked.label).not.toBe('')
  expect(linked.actions.length === 0).toBe(WITHOUT_ACTION.has(state))
})

test('only connected is green', () => {
  const green = ACCOUNT_STATES.filter((state) => shownState(account(state, null)).tone === 'good')
  expect(green).toEqual(['connected'])
})

test('an account whose assistant does not answer is not green, and is told by name', () => {
  const assistant = {
    agent: 'ada',
    connector: 'openai-chat',
    ok: false,
    since: '2026-03-01T12:00:00.000Z',
    lastSuccessAt: null,
    lastFailure: null,
  }
  const failing = { ...account('connected', null, { linked: true }), assistant }
  expect(shownState(failing)).toMatchObject({ tone: 'warning', label: 'Assistant fails' })
  expect(shownState({ ...failing, assistant: { ...assistant, ok: true } }).tone).toBe('good')
  expect(shownState({ ...failing, state: 'reconnecting' }).label).toBe('Reconnecting')
})

test('what is not linked cannot be disconnected, except to get rid of unreadable credentials', () => {
  const offers = (state: (typeof ACCOUNT_STATES)[number]): boolean =>
    shownState(account(state, null)).actions.some(([action]) => action === 'disconnect')
  expect(ACCOUNT_STATES.filter(offers)).toEqual(['storage_error'])
})

test('after all QR codes expired the button says refresh', () => {
  const labels = shownState(account('unlinked', 'link_expired')).actions.map(([, label]) => label)
  expect(labels).toEqual(['Refresh QR code', 'Link with phone number instead'])
})

test('the link of another program can be taken over', () => {
  expect(shownState(account('misconfigured', 'import_required')).actions).toEqual([
    ['importLink', 'Take over this link'],
  ])
})

test('a removed device can be linked again', () => {
  expect(shownState(account('logged_out', 'device_removed')).actions[0]).toEqual(['link', 'Link again'])
})

test('a state of a newer daemon is shown, with nothing to press', () => {
  const newer = { ...account('connected', null), state: 'hibernating' } as unknown as AccountView // from the wire
  expect(shownState(newer)).toMatchObject({ tone: 'idle', label: 'Unknown state', actions: [] })
})

test('a link with a passkey that goes on can be cancelled, one that failed can be tried again', () => {
  const passkey = { step: 'sent' as const, ceremonyId: 'one', expiresAt: '2026-03-03T12:00:00.000Z' }
  const live = shownState(account('passkey_required', 'passkey_sent', { passkey }))
  expect(live.tone).toBe('busy')
  expect(live.actions.map(([action]) => action)).toEqual(['cancelLink'])
  const over = shownState(account('passkey_required', 'passkey_phone_silent'))
  expect(over.tone).toBe('bad')
  expect(over.actions.map(([action]) => action)).toEqual(['link', 'linkByCode'])
})

test.each(ACCOUNT_STATES)('%s offers no code where an account is connected by a token', (state) => {
  const actions = shownState(account(state, null, { linked: true, capabilities: BY_TOKEN })).actions
  expect(actions.filter(([action]) => action === 'link' || action === 'linkByCode')).toEqual([])
})

import { expect, test } from 'vitest'
import {
  INITIAL_CARD_STATE,
  accountIdOf,
  blockedSendersOf,
  reduceCard,
} from '../../../../../src/web/card/state/card-state.ts'
import type { BlockedSender, CardInput, CardState } from '../../../../../src/web/card/state/card-state.ts'
import type { Snapshot } from '../../../../../src/protocol/methods/session.ts'
import { account, configView, connectedAccount, qrOffer } from '../../../../browser/account-fixture.ts'
import type { ConversationView } from '../../../../../src/protocol/conversations/conversation-view.ts'
import { conversation } from '../../conversations/conversation-fixture.ts'

const MALLORY: BlockedSender = {
  account: 'default',
  phoneNumber: '+15555550166',
  name: 'Mallory',
  reason: 'not_allowed',
  at: '2026-03-03T12:00:00.000Z',
}

function stateAfter(...inputs: CardInput[]): CardState {
  return inputs.reduce(reduceCard, INITIAL_CARD_STATE)
}

function snapshot(facts: Partial<Snapshot> = {}): CardInput {
  const full = {
    accounts: [account('unlinked', 'not_linked')],
    offers: [],
    config: configView(),
    blocked: [],
  }
  const subscription = {
    snapshot: { ...full, ...facts },
    eventId: 1,
    replayed: 0,
    gap: false,
    at: MALLORY.at,
  }
  return { type: 'snapshot', subscription, clockOffsetMs: 5 }
}

function away(nowMs: number, retryInMs: number | null): CardInput {
  const change = { state: 'daemon_offline', error: null, retryInMs } as const
  return { type: 'connection', change, nowMs, lastHeardAt: nowMs - 4_000 }
}

test('while the daemon is away what is known has an age, and the next attempt a time', () => {
  const state = stateAfter(snapshot({ accounts: [connectedAccount()] }), away(60_000, 1_500))
  expect(state).toMatchObject({ retryAt: 61_500, asOf: 56_000 })
  expect(state.accounts['default']?.phoneNumber).toBe('+15555550100')
  const change = { state: 'ready', error: null, retryInMs: null } as const
  const back = reduceCard(state, { type: 'connection', change, nowMs: 70_000, lastHeardAt: 70_000 })
  expect(back).toMatchObject({ retryAt: null, asOf: null })
})

test('an account whose daemon shuts down is still who it was', () => {
  const stopped = account('stopped', 'shutting_down', { linked: false })
  const { accounts } = stateAfter(snapshot({ accounts: [connectedAccount()] }), {
    type: 'account',
    account: stopped,
  })
  expect(accounts['default']).toMatchObject({ state: 'stopped', phoneNumber: '+15555550100' })
})

test('a snapshot replaces everything that was known', () => {
  const state = stateAfter(
    snapshot({ offers: [qrOffer(1, 60)], blocked: [MALLORY] }),
    snapshot({ accounts: [connectedAccount()] }),
  )
  expect(state.offers).toEqual({})
  expect(state.blocked).toEqual([])
  expect(state.accounts['default']?.state).toBe('connected')
})

test('the QR goes when the account leaves awaiting_scan', () => {
  const offered = stateAfter(
    snapshot({ accounts: [account('awaiting_scan', 'scan_to_link')] }),
    { type: 'offer', offer: qrOffer(1, 60) },
    { type: 'account', account: account('awaiting_scan', 'scan_to_link') },
  )
  expect(offered.offers['default']).toBeDefined()
  const confirmed = reduceCard(offered, {
    type: 'account',
    account: account('confirming', 'confirming_link'),
  })
  expect(confirmed.offers).toEqual({})
})

test('the QR goes when the daemon is lost', () => {
  const state = stateAfter(
    snapshot({ accounts: [account('awaiting_scan', 'scan_to_link')], offers: [qrOffer(1, 60)] }),
    away(5, 1),
  )
  expect(state.offers).toEqual({})
})

const CEREMONY = {
  step: 'challenge' as const,
  ceremonyId: 'one',
  expiresAt: '2026-03-03T12:10:00.000Z',
}
const PASSKEY = { ...CEREMONY, account: 'default', options: { rpId: 'whatsapp.com', challenge: 'AQ' } }

test('what a passkey signs is known from the snapshot or the event, and gone with the ceremony', () => {
  const asked = account('passkey_required', 'passkey_required', { passkey: CEREMONY })
  const later = stateAfter(snapshot({ accounts: [asked], passkeys: [PASSKEY] }))
  expect(later.passkeys).toEqual({ default: PASSKEY })
  const state = stateAfter(snapshot({ accounts: [asked] }), { type: 'passkey', passkey: PASSKEY })
  expect(state.passkeys).toEqual({ default: PASSKEY })
  expect(reduceCard(state, { type: 'account', account: asked }).passkeys).toEqual({ default: PASSKEY })
  for (const over of [
    { type: 'account', account: account('passkey_required', 'passkey_timed_out') },
    {
      type: 'connection',
      change: { state: 'daemon_offline', error: null, retryInMs: 1 },
      nowMs: 0,
      lastHeardAt: 0,
    },
    snapshot({ accounts: [asked] }),
  ] satisfies CardInput[])
    expect(reduceCard(state, over).passkeys).toEqual({})
})

// A first QR lives 60 s and the later ones 20 s, so the newer one can be the first to expire.
test('a newer QR replaces the one before, however long that would live', () => {
  const state = stateAfter(
    snapshot(),
    { type: 'offer', offer: qrOffer(1, 60) },
    { type: 'offer', offer: qrOffer(2, 20) },
  )
  expect(state.offers['default']).toMatchObject({ sequence: 2 })
})

test('a sender whose number is hidden is told from others by id, and goes when the id is allowed', () => {
  const hidden = { ...MALLORY, phoneNumber: null, id: 'lid:77', name: 'Same' }
  const other = { ...hidden, id: 'lid:78' }
  const blocked = stateAfter(
    snapshot({}),
    { type: 'blocked', blocked: hidden },
    { type: 'blocked', blocked: other },
    { type: 'blocked', blocked: hidden },
  )
  expect(blockedSendersOf(blocked, 'default')).toEqual([hidden, other])
  const allowed = reduceCard(blocked, {
    type: 'allowFrom',
    account: 'default',
    revision: 'r2',
    allowFrom: ['lid:77'],
  })
  expect(blockedSendersOf(allowed, 'default')).toEqual([other])
})

test('a blocked sender is listed once, newest first, and goes when allowed', () => {
  const other: BlockedSender = { ...MALLORY, phoneNumber: '+15555550167', name: null }
  const blocked = stateAfter(
    snapshot(),
    { type: 'blocked', blocked: MALLORY },
    { type: 'blocked', blocked: other },
    { type: 'blocked', blocked: MALLORY },
  )
  expect(blockedSendersOf(blocked, 'default')).toEqual([MALLORY, other])
  const allowFrom = ['+15555550101', '+15555550166']
  const allowed = reduceCard(blocked, { type: 'allowFrom', account: 'default', allowFrom, revision: 'r2' })
  expect(blockedSendersOf(allowed, 'default')).toEqual([other])
  expect(allowed.config?.revision).toBe('r2')
})

test('senders without a number are told apart by name', () => {
  const hidden = (name: string): BlockedSender => ({ ...MALLORY, phoneNumber: null, name })
  const state = stateAfter(
    snapshot(),
    { type: 'blocked', blocked: hidden('A') },
    { type: 'blocked', blocked: hidden('B') },
    { type: 'blockedDismissed', blocked: hidden('A') },
  )
  expect(blockedSendersOf(state, 'default')).toEqual([hidden('B')])
})

test('a rejected file shows its problem until a valid one is read', () => {
  const problem = { code: 'syntax', path: '', line: 3, column: 1, message: 'Unexpected }' }
  const broken = stateAfter(snapshot(), { type: 'configRejected', problem })
  expect(broken.config).toMatchObject({ valid: false, problems: [problem], revision: 'r1' })
  expect(reduceCard(broken, { type: 'config', config: configView() }).config?.valid).toBe(true)
})

test('a card is about the account it names, else the default one', () => {
  const state = stateAfter(snapshot({ config: configView({}, { defaultAccount: 'work' }) }))
  expect(accountIdOf(state, null)).toBe('work')
  expect(accountIdOf(state, 'home')).toBe('home')
  expect(accountIdOf(stateAfter(snapshot({ config: null })), null)).toBe('default')
  expect(accountIdOf(INITIAL_CARD_STATE, null)).toBeNull()
})

test('a listed number that belongs to somebody else is among the blocked until it is allowed again', () => {
  const changed: BlockedSender = { ...MALLORY, reason: 'person_changed' }
  const settings = configView().accounts['default']
  const config = configView({ ...settings, allowFrom: [MALLORY.phoneNumber ?? ''] })
  const connected = connectedAccount()
  const reason = { code: 'person_changed', message: 'Changed.', action: 'Ask.' } as const
  const state = stateAfter(snapshot({ accounts: [{ ...connected, reason }], config }), {
    type: 'blocked',
    blocked: changed,
  })
  expect(blockedSendersOf(state, 'default')).toEqual([changed])
  const allowedElsewhere = reduceCard(state, { type: 'account', account: connected })
  expect(blockedSendersOf(allowedElsewhere, 'default')).toEqual([])
})

test('a sender on the list stays among the blocked while direct messages are switched off', () => {
  const settings = { dmPolicy: 'disabled', allowFrom: ['+15555550166'] } as const
  const state = stateAfter(
    snapshot({ config: configView({ ...settings, allowFrom: [...settings.allowFrom] }), blocked: [MALLORY] }),
  )
  expect(blockedSendersOf(state, 'default')).toEqual([MALLORY])
})

test('chats that a person has taken over come and go with what is said of each', () => {
  const held = (id: number): ConversationView =>
    conversation(id, id, {
      assistant: { state: 'paused', pausedBy: 'phone', since: MALLORY.at, until: null, reason: null },
    })
  const read: CardInput = { type: 'takenOver', account: 'default', count: 3, chats: [held(1), held(2)] }
  const state = (...inputs: CardInput[]) => stateAfter(snapshot(), read, ...inputs).takenOver['default']
  const of = (view: ConversationView): CardInput => ({ type: 'conversation', account: 'default', view })

  expect(state(of(conversation(1, 1)))).toEqual({ count: 2, chats: [held(2)] })
  expect(state(of(held(4)))).toEqual({ count: 4, chats: [held(4), held(1), held(2)] })
  expect(state(of(conversation(9, 9)))).toEqual({ count: 3, chats: [held(1), held(2)] })
  const handedBack: CardInput = { type: 'account', account: { ...connectedAccount(), takenOver: 0 } }
  expect(state(handedBack)).toBeUndefined()
  // Nobody has asked for the chats of this account, so they are not known.
  expect(stateAfter(snapshot(), of(held(1))).takenOver).toEqual({})
})

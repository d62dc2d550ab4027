import { expect, test } from 'vitest'
import { accountLine, localTime } from '../../../../../src/cli/remote/accounts/account-line.ts'
import type { AccountView } from '../../../../../src/protocol/account/account.ts'
import { reason } from '../../../../../src/protocol/reasons.ts'

const CONNECTED: AccountView = {
  account: 'default',
  name: null,
  transport: 'linked-device',
  enabled: true,
  state: 'connected',
  since: '2026-01-02T03:04:05.000Z',
  reason: null,
  linked: true,
  phoneNumber: '+15555550100',
  displayName: 'Owner',
  linkedSince: '2026-01-02T03:04:05.000Z',
  attempt: null,
  nextAttemptAt: null,
  until: null,
  failedMessages: 0,
  health: null,
}

test('a connected account names its number', () => {
  expect(accountLine(CONNECTED)).toBe('default: connected as +15555550100')
})

test('any other state says why and what to do', () => {
  const view = {
    ...CONNECTED,
    name: 'Support',
    state: 'logged_out' as const,
    reason: reason('device_removed'),
  }
  expect(accountLine(view)).toBe(
    'default (Support): logged out. The phone removed this device from its linked devices. Link again with a new QR code.',
  )
})

test('a reconnecting account says when it tries next', () => {
  const nextAttemptAt = '2026-01-02T03:04:35.000Z'
  const view = {
    ...CONNECTED,
    state: 'reconnecting' as const,
    reason: reason('connection_lost'),
    attempt: 2,
    nextAttemptAt,
  }
  expect(accountLine(view)).toContain(`Next attempt at ${localTime(nextAttemptAt)}.`)
})

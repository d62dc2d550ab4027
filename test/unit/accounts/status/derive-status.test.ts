import { describe, expect, it } from 'vitest'
import { type AccountFacts, deriveStatus } from '../../../../src/accounts/status/derive-status.ts'
import { type LinkFacts, NO_LINK } from '../../../../src/transports/link.ts'
import { ACCOUNT_STATES } from '../../../../src/protocol/account/account-states.ts'

const facts = (link: Partial<LinkFacts>, change: Partial<AccountFacts> = {}): AccountFacts => ({
  stopping: false,
  enabled: true,
  obstacle: null,
  nobodyAllowed: null,
  mayLink: true,
  reachoutLock: null,
  changedNumber: null,
  identityAsked: false,
  phoneAwaySince: null,
  caution: null,
  ...change,
  link: { ...NO_LINK, ...link },
})

const open = { phase: 'open', linked: true } as const

const ROWS: [string, AccountFacts, string, string | null][] = [
  [
    'stopping wins over everything',
    facts(open, { stopping: true, enabled: false }),
    'stopped',
    'shutting_down',
  ],
  [
    'a full disk',
    facts(open, { obstacle: { code: 'storage_full', detail: '/x' } }),
    'storage_error',
    'storage_full',
  ],
  [
    'a held lock',
    facts({}, { obstacle: { code: 'owner_busy', detail: 'pid 7' } }),
    'owner_busy',
    'owner_busy',
  ],
  [
    'foreign files',
    facts({}, { obstacle: { code: 'import_required', detail: '/x' } }),
    'misconfigured',
    'import_required',
  ],
  ['paused', facts(open, { enabled: false }), 'disabled', 'disabled_by_config'],
  ['nobody allowed', facts({}, { nobodyAllowed: 'nobody_allowed' }), 'unlinked', 'nobody_allowed'],
  [
    'direct messages switched off',
    facts({}, { nobodyAllowed: 'direct_messages_disabled' }),
    'unlinked',
    'direct_messages_disabled',
  ],
  ['no place left', facts({}, { mayLink: false }), 'unlinked', 'too_many_accounts'],
  [
    'no place left, but removed by the phone',
    facts({ phase: 'ended', reason: 'device_removed' }, { mayLink: false }),
    'logged_out',
    'device_removed',
  ],
  ['a phone that stays away', facts(open, { phoneAwaySince: 0 }), 'connected', 'phone_away'],
  [
    'the old program runs beside this one, which is more pressing than a phone that stays away',
    facts(open, { phoneAwaySince: 0, caution: { code: 'import_source_changed', detail: '/x' } }),
    'connected',
    'import_source_changed',
  ],
  [
    'credentials that others could read',
    facts(open, { caution: { code: 'credentials_readable', detail: '/x' } }),
    'connected',
    'credentials_readable',
  ],
  [
    'the owner has to prove who they are, which is more pressing than anything else',
    facts(open, { identityAsked: true, caution: { code: 'credentials_readable', detail: '/x' } }),
    'connected',
    'identity_check',
  ],
  ['linked beyond the limit', facts(open, { mayLink: false }), 'connected', null],
  ['never linked', facts({}), 'unlinked', 'not_linked'],
  ['expired', facts({ reason: 'link_expired' }), 'unlinked', 'link_expired'],
  [
    'preparing a link',
    facts({ phase: 'linking', request: { method: 'qr', phoneNumber: null } }),
    'connecting',
    'starting',
  ],
  [
    'a QR on offer',
    facts({ phase: 'linking', request: { method: 'qr', phoneNumber: null }, offered: true }),
    'awaiting_scan',
    'scan_to_link',
  ],
  [
    'a code on offer',
    facts({ phase: 'linking', request: { method: 'code', phoneNumber: '+15550001111' }, offered: true }),
    'awaiting_scan',
    'enter_code_to_link',
  ],
  ...(['challenge', 'sent', 'code', 'confirming'] as const).map(
    (passkey): [string, AccountFacts, string, string] => [
      `a passkey ceremony: ${passkey}`,
      facts({ phase: 'linking', request: { method: 'qr', phoneNumber: null }, offered: true, passkey }),
      'passkey_required',
      {
        challenge: 'passkey_required',
        sent: 'passkey_sent',
        code: 'passkey_code',
        confirming: 'confirming_link',
      }[passkey],
    ],
  ),
  [
    'a passkey ceremony that ended',
    facts({ phase: 'ended', reason: 'passkey_phone_silent' }),
    'passkey_required',
    'passkey_phone_silent',
  ],
  ['scanned', facts({ phase: 'confirming', linked: true }), 'confirming', 'confirming_link'],
  ['first login', facts({ phase: 'connecting', linked: true }), 'connecting', 'starting'],
  [
    'login after a loss',
    facts({ phase: 'connecting', linked: true, wasOpen: true }),
    'reconnecting',
    'starting',
  ],
  [
    'waiting for the next attempt',
    facts({ phase: 'waiting', linked: true, reason: 'network_error', failures: 2, attemptAt: 5 }),
    'reconnecting',
    'network_error',
  ],
  [
    'waiting for its first connection, where the start is spread',
    facts({ phase: 'waiting', linked: true, reason: 'starting', attemptAt: 5 }),
    'connecting',
    'starting',
  ],
  [
    'no network while linking',
    facts({ phase: 'waiting', reason: 'network_error' }),
    'unlinked',
    'network_error',
  ],
  ['open', facts(open), 'connected', null],
  [
    'not allowed to write first',
    facts(open, { reachoutLock: { until: 9 } }),
    'restricted',
    'reachout_locked',
  ],
  [
    'removed on the phone',
    facts({ phase: 'ended', reason: 'device_removed' }),
    'logged_out',
    'device_removed',
  ],
  [
    'removed, after a restart',
    facts({ phase: 'idle', reason: 'device_removed' }),
    'logged_out',
    'device_removed',
  ],
  [
    'replaced',
    facts({ phase: 'ended', linked: true, reason: 'connection_replaced' }),
    'conflict',
    'connection_replaced',
  ],
  ['passkey', facts({ phase: 'ended', reason: 'passkey_required' }), 'passkey_required', 'passkey_required'],
  ['banned', facts({ phase: 'ended', linked: true, reason: 'account_banned' }), 'banned', 'account_banned'],
  ['locked', facts({ phase: 'ended', linked: true, reason: 'account_locked' }), 'banned', 'account_locked'],
  [
    'banned for a while',
    facts({ phase: 'ended', linked: true, reason: 'temporarily_banned', until: 9, attemptAt: 9 }),
    'restricted',
    'temporarily_banned',
  ],
  [
    'outdated',
    facts({ phase: 'ended', linked: true, reason: 'client_outdated' }),
    'outdated',
    'client_outdated',
  ],
  [
    'a false server',
    facts({ phase: 'ended', reason: 'certificate_invalid' }),
    'untrusted_server',
    'certificate_invalid',
  ],
  [
    'a refused client',
    facts({ phase: 'ended', linked: true, reason: 'client_rejected' }),
    'misconfigured',
    'client_rejected',
  ],
]

describe('the status is computed from facts', () => {
  it.each(ROWS)('%s', (_name, input, state, code) => {
    const status = deriveStatus(input)
    expect(status.state).toBe(state)
    expect(status.reason?.code ?? null).toBe(code)
    if (status.reason !== null) expect(status.reason.action).not.toBe('')
  })

  it('has a row for every state', () => {
    expect(new Set(ROWS.map(([, , state]) => state))).toEqual(new Set(ACCOUNT_STATES))
  })

  it('names the place of an obstacle and the time of the next attempt', () => {
    const blocked = deriveStatus(facts({}, { obstacle: { code: 'storage_permissions', detail: '/state/x' } }))
    expect(blocked.reason?.message).toContain('/state/x')
    const waiting = deriveStatus(facts({ phase: 'waiting', linked: true, attemptAt: 5, failures: 2 }))
    expect(waiting).toMatchObject({ nextAttemptAt: 5, attempt: 2 })
  })
})

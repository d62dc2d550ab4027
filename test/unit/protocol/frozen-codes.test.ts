import { expect, it } from 'vitest'
import { DaemonError, ERRORS } from '../../../src/protocol/errors.ts'
import { EVENTS, EVENT_NAMES, TOPICS } from '../../../src/protocol/events.ts'
import { CLOSE_CODES } from '../../../src/protocol/close-codes.ts'
import { methodDefinition, METHOD_NAMES } from '../../../src/protocol/methods.ts'
import { TOKEN_REFUSALS } from '../../../src/protocol/tokens/token-refusals.ts'

/** Published numbers never change their meaning: clients and scripts depend on them. */
const FROZEN = {
  parse_error: -32700,
  invalid_request: -32600,
  method_not_found: -32601,
  invalid_params: -32602,
  internal_error: -32603,
  unauthorized: -32001,
  forbidden: -32002,
  rate_limited: -32003,
  account_not_found: -32010,
  allowlist_empty: -32011,
  already_linked: -32012,
  account_disabled: -32013,
  not_connected: -32014,
  link_failed: -32015,
  invalid_phone_number: -32016,
  max_sessions_reached: -32017,
  owner_busy: -32018,
  storage_error: -32019,
  config_conflict: -32020,
  config_invalid: -32021,
  config_read_only: -32022,
  config_broken: -32023,
  misconfigured: -32024,
  stopping: -32025,
  message_not_found: -32026,
  message_not_failed: -32027,
  message_under_way: -32028,
  recipient_not_allowed: -32029,
  message_outdated: -32030,
  agent_not_found: -32070,
  not_attached: -32071,
  turn_not_found: -32072,
  turn_not_yours: -32073,
  turn_answered: -32074,
  turn_over: -32075,
  still_linked: -32040,
  config_key_refused: -32041,
  confirmation_required: -32042,
  last_account: -32043,
  import_refused: -32050,
  passkey_not_expected: -32060,
  passkey_answer_invalid: -32061,
  pairing_not_found: -32080,
  pairing_without_effect: -32081,
  conversation_not_found: -32090,
  client_message_id_reused: -32100,
  not_on_whatsapp: -32101,
  first_contacts_exhausted: -32102,
  message_not_changeable: -32103,
  media_not_found: -32104,
  media_refused: -32105,
  window_closed: -32106,
  not_supported: -32107,
  template_not_found: -32108,
  template_invalid: -32109,
  webhook_not_found: -32120,
}

it('keeps every published error', () => {
  expect(
    Object.fromEntries(Object.entries(ERRORS).map(([code, { rpcCode }]) => [code, rpcCode])),
  ).toMatchObject(FROZEN)
  // A new one is published with its first release: write it down here.
  expect(Object.keys(FROZEN)).toEqual(expect.arrayContaining(Object.keys(ERRORS)))
})

it('keeps every published close code, and every reason of a refused token', () => {
  const codes = Object.fromEntries(Object.entries(CLOSE_CODES).map(([name, { code }]) => [name, code]))
  expect(codes).toMatchObject({
    stopping: 1001,
    binary_frame: 1003,
    payload_too_big: 1009,
    unauthorized: 4401,
    token_withdrawn: 4403,
    authentication_timeout: 4408,
    too_many_attempts: 4429,
    token_expired: 4440,
  })
  expect(new Set(Object.values(codes)).size).toBe(Object.keys(codes).length)
  expect(Object.keys(TOKEN_REFUSALS)).toEqual(
    expect.arrayContaining([
      'invalid_token',
      'token_expired',
      'token_not_yet_valid',
      'token_lives_too_long',
      'missing_claim',
      'malformed_claim',
      'wrong_issuer',
      'wrong_audience',
      'wrong_subject',
      'wrong_claim',
      'token_revoked',
    ]),
  )
})

it('takes message, action and details from the thrower, else from the table', () => {
  const plain = new DaemonError('allowlist_empty')
  expect([plain.message, plain.action, plain.details, plain.retryable]).toEqual([
    ERRORS.allowlist_empty.message,
    ERRORS.allowlist_empty.action,
    undefined,
    false,
  ])
  const special = new DaemonError('config_conflict', {
    message: 'Mine.',
    action: 'Do.',
    details: { at: 1 },
    cause: plain,
  })
  expect(special).toMatchObject({
    message: 'Mine.',
    action: 'Do.',
    details: { at: 1 },
    cause: plain,
    retryable: true,
  })
})

it('has a topic for every namespace of events but the server itself', () => {
  const namespaces = new Set(EVENT_NAMES.map((name) => name.split('.')[0]))
  expect(namespaces).toEqual(new Set([...TOPICS, 'server']))
})

it('lets only the token, and the proof that is asked for before it, through before authentication', () => {
  expect(METHOD_NAMES.filter((name) => methodDefinition(name).beforeAuthentication)).toEqual([
    'session.authenticate',
    'session.prove',
  ])
})

it('never stores what can link a device, and shows it to scope link alone', () => {
  for (const name of ['account.qr', 'account.linkCode'] as const) {
    expect(EVENTS[name]).toMatchObject({ stored: false, scope: 'link' })
  }
})

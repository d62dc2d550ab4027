import { expect, test } from 'vitest'
import { afterFailure } from '../../../src/client/after-failure.ts'
import { RequestError } from '../../../src/client/request-error.ts'
import type { ClientErrorCode } from '../../../src/client/request-error.ts'

const ever = { hasTokenFunction: true, wasRefused: false, reconnects: true }
const stepOf = (code: ClientErrorCode | 'unauthorized', changes: Partial<typeof ever> = {}): string => {
  const next = afterFailure(new RequestError(code, 'It failed.'), { ...ever, ...changes })
  return next.step === 'renew' ? 'renew' : `${next.step} ${next.state}`
}

test.each<[ClientErrorCode | 'unauthorized', string]>([
  ['unauthorized', 'renew'],
  ['token_expired', 'renew'],
  ['token_withdrawn', 'renew'],
  ['token_unavailable', 'retry token_unavailable'],
  ['daemon_offline', 'retry daemon_offline'],
  ['connection_lost', 'retry daemon_offline'],
  ['timeout', 'retry daemon_offline'],
  ['incompatible', 'retry daemon_offline'],
  ['tunnel_unreachable', 'retry tunnel_unreachable'],
  ['websocket_refused', 'retry tunnel_unreachable'],
  ['wrong_path', 'retry tunnel_unreachable'],
  ['certificate_untrusted', 'retry tunnel_unreachable'],
  ['blocked_by_page', 'end closed'],
  ['websocket_missing', 'end closed'],
  ['invalid_url', 'end closed'],
])('after %s: %s', (code, step) => {
  expect(stepOf(code)).toBe(step)
})

test('a token that was refused once already is not asked for again', () => {
  expect(stepOf('unauthorized', { wasRefused: true })).toBe('end unauthorized')
})

test('a token that is no function has been refused when it has ended', () => {
  for (const code of ['unauthorized', 'token_expired', 'token_withdrawn'] as const)
    expect(stepOf(code, { hasTokenFunction: false })).toBe('end unauthorized')
})

test('without reconnecting every other failure is the end', () => {
  expect(stepOf('daemon_offline', { reconnects: false })).toBe('end closed')
  expect(stepOf('token_expired', { reconnects: false })).toBe('renew')
})

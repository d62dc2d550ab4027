import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../../../src/network/proxy-error.ts'
import {
  closeAction,
  type CloseInfo,
  EndedByUs,
  readClose,
} from '../../../../../src/transports/linked-device/life/close-reasons.ts'

/** An error as Baileys makes it; `data` is what it gives with it. */
const boom = (statusCode: number | null, message: string, data: unknown = null): Error =>
  Object.assign(new Error(message), { output: { statusCode }, data })
const close = (statusCode: number | null, message = 'Connection Failure', data: unknown = null): CloseInfo =>
  readClose(boom(statusCode, message, data), 0)
const failed = new Error('it failed')

describe('what a closed socket means', () => {
  it.each([
    ['a restart after the scan', close(515, 'Stream Errored (restart required)'), { kind: 'restart' }],
    [
      'a closed connection',
      close(428, 'Connection Terminated'),
      { kind: 'retry', reason: 'connection_lost' },
    ],
    ['a lost connection', close(408, 'Connection was lost'), { kind: 'retry', reason: 'connection_lost' }],
    [
      'an errno',
      close(408, 'WebSocket Error (connect ECONNREFUSED)', failed),
      { kind: 'retry', reason: 'network_error' },
    ],
    ['six expired QRs', close(408, 'QR refs attempts ended'), { kind: 'linkExpired' }],
    ['another process', close(440, 'Stream Errored (conflict)'), { kind: 'conflict' }],
    [
      'removed on the phone',
      close(401, 'Stream Errored (conflict)', { tag: 'conflict', attrs: {} }),
      { kind: 'loggedOut', reason: 'device_removed' },
    ],
    ['refused credentials', close(401), { kind: 'loggedOut', reason: 'logged_out' }],
    ['a lock', close(403), { kind: 'stop', reason: 'account_locked', recheckMs: null }],
    ['a ban', close(406), { kind: 'stop', reason: 'account_banned', recheckMs: null }],
    ['419', close(419), { kind: 'stop', reason: 'account_locked' }],
    [
      'a temporary ban',
      close(402, 'Connection Failure', { expire: '5' }),
      { kind: 'wait', reason: 'temporarily_banned', until: 5_000 },
    ],
    ['an old client', close(405), { kind: 'outdated' }],
    ['a bad user agent', close(409), { kind: 'stop', reason: 'client_rejected' }],
    ['a mismatch', close(411), { kind: 'stop', reason: 'client_rejected' }],
    ['an unknown client', close(418), { kind: 'stop', reason: 'client_rejected' }],
    [
      'a false certificate',
      close(400, 'noise intermediate certificate signature invalid'),
      { kind: 'stop', reason: 'certificate_invalid' },
    ],
    ['a 400 of the server', close(400), { kind: 'retry', reason: 'server_error', atLeastMs: 300_000 }],
    [
      'an unknown stream error',
      close(500, 'Stream Errored (ack)'),
      { kind: 'retry', reason: 'server_error' },
    ],
    ['an unavailable server', close(503), { kind: 'retry', reason: 'server_error' }],
    ['516', close(516), { kind: 'retry', reason: 'server_error' }],
    ['a code nobody knows', close(599), { kind: 'retry', reason: 'server_error' }],
    ['no code at all', close(null, ''), { kind: 'retry', reason: 'connection_lost' }],
    [
      'our own deadline',
      readClose(new EndedByUs('open_timeout'), 0),
      { kind: 'retry', reason: 'open_timeout' },
    ],
    [
      'a refused upgrade',
      readClose(new EndedByUs('upgrade_refused', 'HTTP 503'), 0),
      { kind: 'retry', reason: 'upgrade_refused' },
    ],
    ['wrong dates', readClose(new EndedByUs('clock_wrong'), 0), { kind: 'stop', reason: 'clock_wrong' }],
  ])('%s', (_name, info, expected) => {
    expect(closeAction(info)).toMatchObject(expected)
  })

  it.each([401, 403, 406])('never takes an HTTP %i from a proxy for a logout', (statusCode) => {
    const action = closeAction(
      close(statusCode, `WebSocket Error (Unexpected server response: ${statusCode})`, failed),
    )
    expect(action).toMatchObject({ kind: 'retry', reason: 'network_error' })
  })

  it('tells a proxy that refuses apart from WhatsApp', () => {
    const error = boom(401, 'WebSocket Error', new ProxyError('refuses the connection (HTTP 401)'))
    const action = closeAction(readClose(error, 0))
    expect(action).toEqual({ kind: 'retry', reason: 'proxy_failed', atLeastMs: 0 })
  })
})

describe('taking an error apart', () => {
  it('reads a Boom, a bare number, an Error and nothing', () => {
    const none = { message: '', until: null, endedFor: null, isWebSocketError: false, isConflict: false }
    const restricted = boom(402, 'Connection Failure', { reason: '402', expire: '60' })
    expect(readClose(restricted, 1_000)).toEqual({
      ...none,
      statusCode: 402,
      message: 'Connection Failure',
      until: 61_000,
    })
    expect(readClose(1006, 0)).toEqual({ ...none, statusCode: 1006 })
    expect(readClose(new Error('x'), 0)).toEqual({ ...none, statusCode: null, message: 'x' })
    expect(readClose(undefined, 0)).toEqual({ ...none, statusCode: null })
  })
})

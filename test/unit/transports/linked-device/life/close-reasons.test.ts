import { describe, expect, it } from 'vitest'
import { closeAction, readClose } from '../../../../../src/transports/linked-device/life/close-reasons.ts'

const close = (statusCode: number | null, message = 'Connection Failure', until: number | null = null) => ({
  statusCode,
  message,
  until,
})

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
      close(408, 'WebSocket Error (connect ECONNREFUSED)'),
      { kind: 'retry', reason: 'network_error' },
    ],
    ['six expired QRs', close(408, 'QR refs attempts ended'), { kind: 'linkExpired' }],
    ['another process', close(440, 'Stream Errored (conflict)'), { kind: 'conflict' }],
    [
      'removed on the phone',
      close(401, 'Stream Errored (conflict)'),
      { kind: 'loggedOut', reason: 'device_removed' },
    ],
    ['refused credentials', close(401), { kind: 'loggedOut', reason: 'logged_out' }],
    ['a lock', close(403), { kind: 'stop', reason: 'account_locked', recheckMs: null }],
    ['a ban', close(406), { kind: 'stop', reason: 'account_banned', recheckMs: null }],
    ['419', close(419), { kind: 'stop', reason: 'account_locked' }],
    [
      'a temporary ban',
      close(402, 'Connection Failure', 5),
      { kind: 'wait', reason: 'temporarily_banned', until: 5 },
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
    ['our own deadline', close(null, 'open deadline'), { kind: 'retry', reason: 'open_timeout' }],
    [
      'a refused upgrade',
      close(null, 'upgrade refused: HTTP 503'),
      { kind: 'retry', reason: 'upgrade_refused' },
    ],
    ['a frame that cannot be read', close(null, 'bad frame'), { kind: 'retry', reason: 'connection_stale' }],
  ])('%s', (_name, info, expected) => {
    expect(closeAction(info)).toMatchObject(expected)
  })

  it.each([401, 403, 406])('never takes an HTTP %i from a proxy for a logout', (statusCode) => {
    const action = closeAction(
      close(statusCode, `WebSocket Error (Unexpected server response: ${statusCode})`),
    )
    expect(action).toMatchObject({ kind: 'retry', reason: 'network_error' })
  })
})

describe('taking an error apart', () => {
  it('reads a Boom, a bare number, an Error and nothing', () => {
    const boom = Object.assign(new Error('Connection Failure'), {
      output: { statusCode: 402 },
      data: { reason: '402', expire: '60' },
    })
    expect(readClose(boom, 1_000)).toEqual({ statusCode: 402, message: 'Connection Failure', until: 61_000 })
    expect(readClose(1006, 0)).toEqual({ statusCode: 1006, message: '', until: null })
    expect(readClose(new Error('x'), 0)).toEqual({ statusCode: null, message: 'x', until: null })
    expect(readClose(undefined, 0)).toEqual({ statusCode: null, message: '', until: null })
  })
})

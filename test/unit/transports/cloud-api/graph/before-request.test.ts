import { expect, it } from 'vitest'
import { isBeforeRequest } from '../../../../../src/transports/cloud-api/graph/before-request.ts'

const failure = (code: string, syscall: string, message = ''): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code, syscall }) })

it.each<[string, Error, boolean]>([
  ['no way to the server', failure('EHOSTUNREACH', 'connect'), true],
  ['no network', failure('ENETUNREACH', 'connect'), true],
  ['a server without TLS', failure('EPROTO', 'write', 'SSL routines::wrong version number'), true],
  ['a handshake that the server ended', failure('EPROTO', 'write', 'sslv3 alert handshake failure'), true],
  ['the way to the server is lost later', failure('EHOSTUNREACH', 'read'), false],
  ['the network is lost later', failure('ENETUNREACH', 'write'), false],
  ['a record that is damaged later', failure('EPROTO', 'read', 'decryption failed or bad record mac'), false],
])('%s', (_what, error, isBefore) => {
  expect(isBeforeRequest(error)).toBe(isBefore)
})

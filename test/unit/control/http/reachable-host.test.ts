import { expect, it } from 'vitest'
import { reachableHost } from '../../../../src/control/http/reachable-host.ts'

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['', '127.0.0.1'],
  ['::', '[::1]'],
  ['::1', '[::1]'],
  ['fd00::7', '[fd00::7]'],
  ['sandbox.internal', 'sandbox.internal'],
])('a server on "%s" is reached at %s', (host, expected) => {
  const reachable = reachableHost(host)
  expect(reachable).toBe(expected)
  expect(URL.canParse(`http://${reachable}:8765/`)).toBe(true)
})

import { expect, it } from 'vitest'
import { type GraphAccess, mediaUrl } from '../../../../../src/transports/cloud-api/graph/graph-access.ts'

const ACCESS: GraphAccess = {
  provider: '360dialog',
  phoneNumberId: '111',
  accessToken: 'key',
  apiVersion: 'v25.0',
  baseUrl: 'https://waba-v2.360dialog.io',
  mediaHosts: [],
}

it.each<[named: string, fetched: string | null]>([
  ['https://lookaside.fbsbx.com/files/?mid=5', 'https://waba-v2.360dialog.io/files/?mid=5'],
  ['https://lookaside.fbsbx.com//evil.example/a', 'https://waba-v2.360dialog.io//evil.example/a'],
  // What follows the scheme is no path: behind a host it would make another host.
  ['x:.evil.example/a', null],
  ['x:@evil.example/a', null],
  ['http://lookaside.fbsbx.com/a', null],
  ['https://name:word@lookaside.fbsbx.com/a', null],
])('with the key of 360dialog, a file at %s is asked for at %s', (named, fetched) => {
  expect(mediaUrl(ACCESS, named)?.href ?? null).toBe(fetched)
})

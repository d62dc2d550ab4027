import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Identity } from '../../../../src/control/auth/authenticate.ts'
import type { ClientConnection } from '../../../../src/control/websocket/client-connection.ts'
import { IdentityWatch } from '../../../../src/control/websocket/identity-watch.ts'

const LOCAL: Identity = { kind: 'local', holder: 'local', scopes: [], expiresAt: null, holds: () => true }
const SIGNED: Identity = { ...LOCAL, kind: 'jwt', expiresAt: new Date(1) }

let looks: number
let checks: number
let isWatched: boolean
let identity: Identity | null
let tell: (() => void) | null
let watch: IdentityWatch

beforeEach(() => {
  vi.useFakeTimers()
  looks = 0
  checks = 0
  isWatched = true
  identity = LOCAL
  tell = null
  const connection = {
    get identity() {
      return identity
    },
    checkIdentity: () => void (checks += 1),
  }
  watch = new IdentityWatch({
    authenticator: {
      refresh: () => {
        looks += 1
        return false
      },
      get isWatched() {
        return isWatched
      },
      onChanged: (listener) => {
        tell = listener
        return () => void (tell = null)
      },
    },
    connections: [connection as ClientConnection], // of which it uses no more
    now: () => Date.now(),
  })
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

it('sleeps while changes are told and no token expires, but for a rare look', () => {
  watch.start()
  vi.advanceTimersByTime(60_000)
  expect([looks, checks]).toEqual([2, 2])
})

it('checks at once what it is told of', () => {
  watch.start()
  tell?.()
  expect([looks, checks]).toEqual([0, 1])
})

it('looks twice a second where nothing tells of changes', () => {
  isWatched = false
  watch.start()
  vi.advanceTimersByTime(2_000)
  expect([looks, checks]).toEqual([5, 5])
})

it('looks often from the moment in which a change is told that may be half of one', () => {
  watch.start()
  isWatched = false
  tell?.()
  vi.advanceTimersByTime(1_000)
  expect([looks, checks]).toEqual([2, 3])
})

it('checks expiries within a second, and reads nothing for it', () => {
  watch.start()
  identity = SIGNED
  // A socket that came with one token has got another.
  watch.start()
  vi.advanceTimersByTime(10_000)
  expect(checks).toBe(11)
  expect(looks).toBeLessThanOrEqual(1)
})

it.each([
  ['tokens expire', true, 11],
  ['nothing tells of changes', false, 25],
])('is not put off by sockets that come again and again, where %s', (_where, watched, checked) => {
  isWatched = watched
  identity = SIGNED
  for (let time = 0; time < 100; time += 1) {
    watch.start()
    vi.advanceTimersByTime(100)
  }
  expect(checks).toBe(checked)
})

it('does nothing without sockets', () => {
  watch.start()
  watch.stop()
  expect(vi.getTimerCount()).toBe(0)
  expect(tell).toBeNull()
})

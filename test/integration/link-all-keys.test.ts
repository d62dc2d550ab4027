import crypto from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { Stack } from '../support/stack.ts'

/** 812, but for those that the phone has used by then. */
const ALL_KEYS = 800
/** Of the sockets, the identity and the simulated phones. */
const OTHER_KEYS = 100

let stack: Stack
afterEach(async () => {
  vi.restoreAllMocks()
  await stack.stop()
})

// Baileys generated the one-time keys of a new device in one turn of the event loop: 150 ms in which nobody got an answer.
it('the one-time keys of a new device are not generated in the thread of the event loop', async () => {
  stack = await Stack.start({ simulator: { habits: { wantsAllPreKeys: true } } })
  // Counts; libsignal calls it on this very object.
  const madeAtOnce = vi.spyOn(crypto, 'generateKeyPairSync')
  const companion = await stack.owner.scan((await stack.qr()).qr)
  await stack.untilState('connected')
  expect(companion.preKeyCount).toBeGreaterThan(ALL_KEYS)
  expect(madeAtOnce.mock.calls.length).toBeLessThan(OTHER_KEYS)
  expect(madeAtOnce).toHaveBeenCalled()
})

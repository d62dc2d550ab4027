import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClose } from '../../../../../src/transports/linked-device/life/close-reasons.ts'
import {
  INITIAL_LINK_STATE,
  type LinkInput,
  type LinkState,
  step,
} from '../../../../../src/transports/linked-device/life/link-machine.ts'

const CONTEXT = { now: 1_000_000, random: 0.5 }

describe('the link machine, whatever comes', () => {
  const closeInput = fc.record({
    type: fc.constant('closed' as const),
    close: fc.record({
      statusCode: fc.option(fc.integer({ min: 100, max: 600 })),
      message: fc.constantFrom('', 'Connection was lost', 'WebSocket Error (x)', 'Stream Errored (conflict)'),
      until: fc.option(fc.integer({ min: 1, max: 10_000_000 })),
      endedFor: fc.constantFrom(null, 'open_timeout' as const, 'clock_wrong' as const),
      isWebSocketError: fc.boolean(),
      isConflict: fc.boolean(),
    }),
  })
  const anyInput: fc.Arbitrary<LinkInput> = fc.oneof(
    closeInput,
    fc.constantFrom<LinkInput>(
      { type: 'link', request: { method: 'qr', phoneNumber: null } },
      { type: 'cancelLink' },
      { type: 'offered' },
      { type: 'paired' },
      { type: 'opened' },
      { type: 'healthy' },
      { type: 'attemptDue' },
      { type: 'reconnect', reason: null },
      { type: 'stop' },
    ),
  )

  it('never opens two sockets in one step, and gives credentials up on 401 alone', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), fc.boolean(), (inputs, startsLinked) => {
        let current = step(
          INITIAL_LINK_STATE,
          { type: 'start', linked: startsLinked, failures: 0, reason: null, isCopy: false },
          CONTEXT,
        ).state
        for (const input of inputs) {
          const { state: next, effects } = step(current, input, CONTEXT)
          expect(effects.filter(({ type }) => type === 'openSocket').length).toBeLessThanOrEqual(1)
          if (effects.some(({ type }) => type === 'quarantine')) {
            expect(input).toMatchObject({ type: 'closed', close: { statusCode: 401 } })
          }
          current = next
        }
      }),
    )
  })

  it('always plans another attempt after a network failure of a linked account', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(428, 408, 500, 503, 516, null),
        fc.integer({ min: 0, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (statusCode, failures, random) => {
          const open: LinkState = {
            ...INITIAL_LINK_STATE,
            phase: 'open',
            linked: true,
            wasOpen: true,
            failures,
          }
          const close = { ...readClose(undefined, 0), statusCode }
          const { state: next } = step(open, { type: 'closed', close }, { now: 0, random })
          expect(next.phase).toBe('waiting')
          expect(next.attemptAt).toBeLessThanOrEqual(5 * 60_000)
        },
      ),
    )
  })
})

import { describe, expect, it } from 'vitest'
import {
  type GraphProblemKind,
  problemOfAnswer,
  problemOfCode,
} from '../../../../../src/transports/cloud-api/graph/graph-problem.ts'
import {
  failureOf,
  failureOfStatus,
  problemSentence,
} from '../../../../../src/transports/cloud-api/graph/problem-sentences.ts'

/** By Meta's page of error codes (`support/error-codes`), and what is known of the Graph API. */
const CODES: readonly [kind: GraphProblemKind, codes: readonly number[]][] = [
  ['retry', [1, 2, 131000, 131016, 133004]],
  ['rate_account', [4, 80007]],
  ['rate_number', [130429, 131057]],
  ['rate_pair', [131056]],
  ['restricted', [131048, 131064, 368, 131031]],
  ['window_closed', [131047]],
  ['recipient', [131026, 131021, 130403, 131062, 131030, 130497]],
  ['marketing', [131049, 131050, 130472]],
  ['content', [100, 131008, 131009, 131051, 131052, 131053, 132000, 132001, 132015, 135000]],
  ['auth', [190, 0, 3, 10, 200, 210, 299, 131005]],
  ['registration', [131042, 131045, 133010, 33, 133005, 133016]],
]

describe('the code of Meta decides what a problem means', () => {
  it.each(CODES.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)))(
    '%i: %s',
    (code, kind) => {
      expect(problemOfCode({ code }).kind).toBe(kind)
      // Whatever the status of the answer is.
      for (const status of [200, 400, 403, 404, 429])
        expect(problemOfAnswer(status, { error: { code } }, { waitMs: null, secret: 'x' })).toMatchObject({
          kind,
          code,
        })
    },
  )

  it('and of code 100 the subcode', () => {
    expect(problemOfCode({ code: 100, subcode: 33 }).kind).toBe('not_found')
  })

  it.each<[number, GraphProblemKind]>([
    [400, 'refused'],
    [401, 'auth'],
    [404, 'not_found'],
    [429, 'rate_account'],
    [500, 'retry'],
  ])('without one that is known the status %i: %s', (status, kind) => {
    for (const body of [
      null,
      undefined,
      'text',
      { error: 'no' },
      { error: { code: 'x' } },
      { error: { code: 7_654_321 } },
    ])
      expect(problemOfAnswer(status, body, { waitMs: null, secret: 'x' }).kind).toBe(kind)
  })

  it('and what Meta calls passing passes', () => {
    const error = { code: 7_654_321, is_transient: true }
    expect(problemOfAnswer(400, { error }, { waitMs: null, secret: 'x' })).toMatchObject({
      kind: 'retry',
      mayHaveLeft: false,
    })
  })
})

describe('what a person reads of a problem', () => {
  it.each(CODES.flatMap(([, codes]) => codes))(
    '%i: a sentence, a stable code, and the code to look up',
    (code) => {
      const failure = failureOf(problemOfCode({ code }))
      expect(failure.code).toMatch(/^[a-z_]+$/)
      expect(failure.message).toContain(`Meta's error ${code}`)
      expect(failure.message.length).toBeLessThan(500)
    },
  )

  it('says of a token what became of it', () => {
    const codes = [458, 460, 463, 467, 999].map(
      (subcode) => failureOf(problemOfCode({ code: 190, subcode })).code,
    )
    expect(codes).toEqual([
      'access_token_revoked',
      'access_token_revoked',
      'access_token_expired',
      'access_token_revoked',
      'token_invalid',
    ])
  })

  it("adds Meta's words where they say more than ours", () => {
    const details = 'Parameter text.body is missing'
    expect(problemSentence(problemOfCode({ code: 131008, details }))).toContain(details)
    expect(problemSentence(problemOfCode({ code: 7_654_321, details }))).toContain(details)
    expect(problemSentence(problemOfCode({ code: 131047, details }))).not.toContain(details)
    expect(failureOfStatus({ code: null, details })).toEqual({
      code: 'message_refused',
      message: `Meta refused it. (${details})`,
    })
  })

  it.each([131_056, 130_429, 131_057, 80_007])('asks a person to send again what failed with %i', (code) => {
    const failure = failureOfStatus({ code, details: '' })
    expect(failure.code).toBe('rate_limited')
    expect(failure.message).toMatch(/Send it again in some minutes/)
    expect(failure.message).not.toMatch(/by itself/)
  })
})

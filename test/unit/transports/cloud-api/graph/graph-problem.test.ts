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
import { reasonOfProblem } from '../../../../../src/transports/cloud-api/life/reason-of-problem.ts'

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

describe('what 360dialog says in shapes of its own', () => {
  const KEY = 'd360-key'
  const read = (status: number, body: unknown) => problemOfAnswer(status, body, { waitMs: null, secret: KEY })
  const refused = (words: string): unknown => ({
    meta: { success: false, http_code: 401, developer_message: words },
  })

  it.each([
    ['{meta: {developer_message}}', refused(`Invalid api key ${KEY}`)],
    ['{error: "…"}', { error: `Invalid api key ${KEY}` }],
  ])(
    '%s is read: its words are shown, without the key, and 401 is a key that is not taken',
    (_shape, body) => {
      const problem = read(401, body)
      expect(problem).toMatchObject({
        kind: 'auth',
        code: null,
        subcode: null,
        status: 401,
        mayHaveLeft: false,
      })
      expect(problem.details).toBe('the server answered with status 401 and "Invalid api key …"')
      expect(reasonOfProblem(problem)).toEqual({
        kind: 'end',
        reason: 'access_token_revoked',
        detail: problem.details,
      })
      expect(problemSentence(problem)).toContain('access token')
    },
  )

  it.each<[number, unknown, GraphProblemKind, boolean]>([
    [400, { error: 'bad request' }, 'refused', false],
    [404, refused('Not found'), 'not_found', false],
    [429, refused('Too many requests'), 'rate_account', false],
    // Whatever a proxy in between says, too.
    [403, { error: 'blocked' }, 'retry', false],
    [500, refused('Internal'), 'retry', true],
    [502, { error: 'bad gateway' }, 'retry', true],
    [400, { meta: 'none', error: 7 }, 'refused', false],
    [400, { meta: { developer_message: ['x'] } }, 'refused', false],
  ])('%i %j is %s', (status, body, kind, mayHaveLeft) => {
    expect(read(status, body)).toMatchObject({ kind, code: null, mayHaveLeft })
  })

  it('without words of its own, or with long ones, is said in one line', () => {
    expect(read(400, {}).details).toBe("the server answered with status 400 and nothing of Meta's")
    const { details } = read(400, { error: `a\nb ${'word '.repeat(200)}+436641234567` })
    expect(details.length).toBeLessThan(300)
    expect(details).not.toMatch(/\n|4366/)
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

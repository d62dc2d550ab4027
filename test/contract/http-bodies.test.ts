import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

interface Answer {
  status: number
  body: string
}

// Without Content-Length, or in chunks, a body ended in 500 with a stack in the log for each request.
describe('HTTP bodies', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  /** `parts` are sent as chunks; without any the request has no body and no length. */
  function post(path: string, parts: string[], headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${harness.http}${path}`,
        { method: 'POST', agent: false, headers },
        (incoming) => {
          text(incoming).then((body) => resolve({ status: incoming.statusCode ?? 0, body }), reject)
        },
      )
      outgoing.on('error', reject)
      // As curl does it: Node would announce a length of zero.
      if (parts.length === 0) outgoing.removeHeader('content-length')
      if (parts.length === 0) outgoing.useChunkedEncodingByDefault = false
      else outgoing.setHeader('transfer-encoding', 'chunked')
      for (const part of parts) outgoing.write(part)
      outgoing.end()
    })
  }

  const code = (): string => harness.loginLinks.createCode().value

  it('may come in chunks', async () => {
    const body = JSON.stringify({ code: code() })
    const answer = await post('/v1/session', [body.slice(0, 5), body.slice(5)])
    expect([answer.status, Object.keys(JSON.parse(answer.body) as object)]).toEqual([
      200,
      ['token', 'expiresAt'],
    ])
  })

  it.each<[string, string[], number]>([
    ['missing', [], 400],
    ['empty, in chunks', [''], 400],
    ['no JSON', ['{"code"'], 400],
    ['not what is asked for', ['[1, 2]'], 400],
    ['a wrong code in chunks', ['{"code"', ':"wrong"}'], 401],
    ['too large, in chunks', ['x'.repeat(3_000), 'x'.repeat(3_000)], 413],
  ])('are refused for what they are: %s', async (_name, parts, status) => {
    expect((await post('/v1/session', parts)).status).toBe(status)
    expect(harness.log()).not.toContain('an HTTP request failed')
  })

  it.each<[string, string[]]>([
    ['none', []],
    ['an empty one', ['']],
    ['one that nobody asked for', ['{"a":1}']],
  ])('need not be there for a login link: %s', async (_name, parts) => {
    const answer = await post('/v1/login-links', parts, { authorization: `Bearer ${LOCAL_TOKEN}` })
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('/#code=')])
  })

  it('of a stranger cannot fill the log, whatever goes wrong', async () => {
    harness.accounts.failure = new Error('inside')
    for (let count = 0; count < 100; count += 1) {
      expect((await fetch(`${harness.http}/readyz`)).status).toBe(500)
      await post('/v1/session', ['{"code":"wrong"}'])
    }
    expect(harness.log().split('\n').length).toBeLessThan(20)
    expect(harness.log()).toContain('an HTTP request failed')
  })

  it('and tokens of a stranger neither', async () => {
    for (let count = 0; count < 60; count += 1) {
      const headers = { 'x-forwarded-for': `198.51.100.${count}` }
      await harness.connect({ protocols: ['whatsappd.v1', 'bearer.guess'], headers }).closed
    }
    const lines = harness.log().match(/a token that is not accepted/g) ?? []
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThan(20)
  })
})

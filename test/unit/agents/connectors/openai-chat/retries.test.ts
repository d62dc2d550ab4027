// A 429 inside of a 200 was an empty answer, and a date in Retry-After was not read.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chunk, completion, outcome, server, sse } from './scripted-answers.ts'

beforeAll(() => server.start())
afterAll(() => server.stop())
beforeEach(() => {
  server.requests.length = 0
})

describe('a connection that is cut', () => {
  const half = sse(chunk({ content: 'half of' }))
  it.each([
    ['in the middle of a text', half, 'interrupted'],
    ['behind half of a line', `${half}data: {"choi`, 'interrupted'],
    ['in the middle of a JSON text', '{"choices":[{"message":{"content":"ha', 'interrupted'],
  ])('%s', async (_name, body, code) => {
    server.answers = [{ body: [body], cut: true }]
    expect(await outcome()).toMatchObject({ code })
  })

  it('behind the end of a text says nothing', async () => {
    server.answers = [{ body: [sse(chunk({ content: 'all of it' }, 'stop'))], cut: true }]
    expect(await outcome()).toEqual({ text: 'all of it' })
  })
})

describe('a server that asks to wait', () => {
  const busy = { error: { code: 429, message: 'SECRET', type: 'rate_limit_exceeded' } }
  const good = { body: [JSON.stringify(completion({ content: 'now' }))] }

  it.each([
    ['in seconds', () => ({ 'retry-after': '0' })],
    ['in milliseconds', () => ({ 'retry-after-ms': '5' })],
    ['until a date', () => ({ 'retry-after': new Date(Date.now() - 1_000).toUTCString() })],
  ])('%s is asked again', async (_name, headers) => {
    server.answers = [{ status: 429, headers: headers(), body: [JSON.stringify(busy)] }, good]
    expect(await outcome()).toEqual({ text: 'now' })
  })

  it.each([
    ['for an hour', () => ({ 'retry-after': '3600' })],
    ['until a date in an hour', () => ({ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() })],
  ])('%s is not', async (_name, headers) => {
    server.answers = [{ status: 429, headers: headers(), body: [JSON.stringify(busy)] }, good]
    expect(await outcome()).toMatchObject({ code: 'rate_limited' })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['a whole answer', JSON.stringify(busy)],
    ['a stream', sse(busy)],
  ])('with a 429 inside of a 200, in %s', async (_name, body) => {
    server.answers = [{ body: [body] }, good]
    expect(await outcome()).toEqual({ text: 'now' })
    expect(server.requests).toHaveLength(2)
  })
})

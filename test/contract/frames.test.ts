import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METHOD_NAMES } from '../../src/protocol/methods.ts'
import { DaemonError } from '../../src/protocol/errors.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView } from './support/fake-ports.ts'
import type { WireClient } from './support/wire-client.ts'

describe('frames', () => {
  let harness: Harness
  let client: WireClient

  beforeEach(async () => {
    harness = await startHarness({
      limits: { requests: { burst: 20, perSecond: 0 }, refusalsBeforeClose: 5 },
    })
    client = await harness.ready()
  })
  afterEach(() => harness.stop())

  async function refusalOf(text: string): Promise<string | undefined> {
    const seen = client.frames.length
    client.sendText(text)
    const answer = await client.frame(
      (frame) => client.frames.indexOf(frame) >= seen && frame.error !== undefined,
    )
    return answer.error?.data.code
  }

  it.each([
    ['no JSON', '{"jsonrpc":', 'parse_error'],
    ['two values', '{} {}', 'parse_error'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"session.ping"}]', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
    ['no version', '{"id":1,"method":"session.ping"}', 'invalid_request'],
    ['no id', '{"jsonrpc":"2.0","method":"session.ping"}', 'invalid_request'],
    [
      'positional parameters',
      '{"jsonrpc":"2.0","id":1,"method":"session.ping","params":[]}',
      'invalid_request',
    ],
    ['an unknown key', '{"jsonrpc":"2.0","id":1,"method":"session.ping","extra":1}', 'invalid_request'],
    ['deep nesting', '['.repeat(30_000), 'parse_error'],
  ])('refuses %s and stays open', async (_name, text, code) => {
    expect(await refusalOf(text)).toBe(code)
    expect(await client.request('session.ping')).toHaveProperty('at')
  })

  it('answers a malformed request under its id, so that the caller need not wait', async () => {
    client.sendText('{"jsonrpc":"2.0","id":"mine","method":7}')
    const { error } = await client.frame((frame) => frame.id === 'mine')
    expect(error?.data.details).toEqual({ issues: [expect.objectContaining({ path: 'method' })] })
  })

  it.each(['accounts.destroy', '__proto__', 'constructor', 'toString'])(
    'knows no method %s',
    async (method) => {
      expect((await client.call(method)).error).toMatchObject({
        code: -32601,
        data: { code: 'method_not_found' },
      })
    },
  )

  it('names the path of a bad parameter', async () => {
    const { error } = await client.call('config.addAllowFrom', { allowFrom: ['+15555550101', 5] })
    expect(error).toMatchObject({
      code: -32602,
      data: { code: 'invalid_params', details: { issues: [{ path: 'allowFrom[1]' }] } },
    })
    expect(error?.message).toContain('allowFrom[1]')
  })

  it('demands the number for a pairing code', async () => {
    const { error } = await client.call('accounts.link', { method: 'code' })
    expect(error?.data.details).toEqual({
      issues: [{ path: 'phoneNumber', message: 'required for method "code"' }],
    })
  })

  it('closes with 1003 on a binary frame', async () => {
    client.socket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"session.ping"}'))
    expect(await client.closed).toEqual({ code: 1003, reason: 'binary_frame' })
  })

  it('closes with 1009 on a frame above 64 KiB, and takes one below', async () => {
    const pad = ' '.repeat(64 * 1_024 - 100)
    client.sendText(`{"jsonrpc":"2.0","id":"big","method":"session.ping"}${pad}`)
    expect((await client.frame((frame) => frame.id === 'big')).result).toHaveProperty('at')
    client.sendText(`${pad}${pad}`)
    expect(await client.closed).toEqual({ code: 1009, reason: '' })
  })

  it('closes with 1007 on text that is not UTF-8', async () => {
    client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false })
    expect(await client.closed).toEqual({ code: 1007, reason: '' })
  })

  it('takes only small frames before authentication', async () => {
    const stranger = harness.connect()
    await stranger.hello()
    stranger.sendText(`{"jsonrpc":"2.0","id":1,"method":"session.ping"}${' '.repeat(8 * 1_024)}`)
    expect(await stranger.closed).toEqual({ code: 1009, reason: 'payload_too_big' })
  })

  it('refuses too many requests, then closes', async () => {
    const answers = await Promise.all(Array.from({ length: 22 }, () => client.call('session.ping')))
    expect(answers.filter(({ error }) => error?.data.code === 'rate_limited').length).toBeGreaterThan(0)
    for (let index = 0; index < 6; index += 1) void client.call('session.ping')
    expect(await client.closed).toEqual({ code: 4429, reason: 'too_many_attempts' })
  })

  it('bounds the requests under way on one socket', async () => {
    await harness.stop()
    harness = await startHarness({ limits: { requestsInFlight: 2 } })
    client = await harness.ready()
    let open = (): void => undefined
    harness.accounts.gate = new Promise((resolve) => (open = resolve))
    const calls = [1, 2, 3].map(() => client.call('accounts.link'))
    expect((await calls[2])?.error?.data.code).toBe('rate_limited')
    open()
    expect((await calls[0])?.result).toHaveProperty('qr')
  })

  it('sends known errors with code, action and details', async () => {
    harness.accounts.failure = new DaemonError('allowlist_empty')
    expect((await client.call('accounts.link')).error).toEqual({
      code: -32011,
      message: 'Nobody is allowed to talk to the assistant yet, so linking is refused.',
      data: {
        code: 'allowlist_empty',
        retryable: false,
        action: 'Add at least one phone number to allowFrom.',
      },
    })
  })

  it('tells a failing disk apart', async () => {
    harness.accounts.failure = new StorageError('storage_full', '/somewhere/private')
    const { error } = await client.call('accounts.reconnect')
    expect(error?.data).toMatchObject({ code: 'storage_error', details: { reason: 'storage_full' } })
    expect(JSON.stringify(error)).not.toContain('private')
  })

  it('hides an unknown failure behind an id that is in the log', async () => {
    harness.accounts.failure = new Error('the secret inside')
    const { error } = await client.call('accounts.list')
    expect(error?.message).toBe('Something failed inside the daemon.')
    expect(Object.keys(error?.data.details ?? {})).toEqual(['id'])
    expect(JSON.stringify(error)).not.toMatch(/secret|at .*\.ts/)
    expect(harness.log()).toContain(String(error?.data.details?.['id']))
  })

  it('sends no result that its schema refuses', async () => {
    harness.accounts.views = [accountView({ phoneNumber: 'no number' })]
    const { error } = await client.call('accounts.list')
    expect(error?.data.code).toBe('internal_error')
    expect(JSON.stringify(error)).not.toContain('no number')
    expect(harness.log()).not.toContain('no number')
  })

  it('publishes no event that its schema refuses, and no key that it does not name', async () => {
    await client.request('session.subscribe')
    harness.hub.publish('account.status', accountView({ phoneNumber: 'no number' }))
    harness.hub.publish('account.status', { ...accountView(), privateKey: 'secret' } as ReturnType<
      typeof accountView
    >)
    const event = await client.event('account.status')
    expect(event.params).not.toHaveProperty('privateKey')
    expect(client.events).toHaveLength(1)
  })

  it('sends no frame above 256 KiB', async () => {
    harness.accounts.views = Array.from({ length: 100 }, () =>
      accountView({ displayName: 'x'.repeat(4_000) }),
    )
    const { error, result } = await client.call('accounts.list')
    expect(error).toBeUndefined()
    expect(JSON.stringify(result).length).toBeLessThan(256 * 1_024)
  })

  // Each on a connection of its own: one that asks wrongly again and again is closed.
  it.each(METHOD_NAMES.filter((method) => method !== 'session.authenticate'))(
    'answers %s with something other than method_not_found',
    async (method) => {
      const { error } = await client.call(method)
      expect(error?.data.code).not.toBe('method_not_found')
      expect(error?.data.code).not.toBe('internal_error')
    },
  )
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

// A token that ended was noticed by the check of the next day: until then the account was shown as connected, and every message was refused.
let daemon: BusinessDaemon
beforeEach(async () => {
  daemon = await BusinessDaemon.start()
})
afterEach(() => daemon.stop())

const picture = Buffer.concat([Buffer.from('ffd8ffe000104a464946000101', 'hex'), Buffer.alloc(2_000, 7)])
const calls = (operation: string) =>
  daemon.platform.calls.items.filter((call) => call.operation === operation)
const renew = (): void => {
  daemon.platform.renewToken(daemon.number)
  daemon.writeConfig([ALICE])
}

describe('a token that Meta does not take any more', () => {
  it('is noticed by the message that it is refused for, which goes out with the next token', async () => {
    daemon.platform.endToken(daemon.number, 'revoked')
    daemon.alice.write(daemon.number, 'hello')
    const { reason } = await daemon.untilState('logged_out')
    expect(reason).toMatchObject({ code: 'access_token_revoked', message: expect.stringContaining('190') })
    const refused = (): number => daemon.platform.calls.items.filter(({ code }) => code === 190).length
    // What is taken in meanwhile waits, too.
    daemon.alice.write(daemon.number, 'and me')
    await daemon.until('both', () => daemon.published('message.received').length === 2)
    // One for the mark that it was read, and one that was on its way.
    expect(refused()).toBeLessThanOrEqual(2)
    renew()
    await daemon.untilState('connected')
    await daemon.untilSeen(daemon.alice, 'hello')
    await daemon.untilSeen(daemon.alice, 'and me')
    await daemon.platform.settled()
    expect(daemon.alice.seen(daemon.number).texts).toHaveLength(2)
  })

  it('is noticed by the file that is asked for, which is fetched with the next token', async () => {
    daemon.platform.endToken(daemon.number, 'expired')
    daemon.alice.sendFile(daemon.number, { kind: 'image', data: picture, caption: 'look' })
    const { reason } = await daemon.untilState('logged_out')
    expect(reason?.code).toBe('access_token_expired')
    const refused = calls('describe-media').length
    renew()
    await daemon.untilState('connected')
    await daemon.until('the file', () => calls('describe-media').some(({ status }) => status === 200))
    expect(calls('describe-media').length).toBeGreaterThan(refused)
    await daemon.until('an answer', () => daemon.alice.seen(daemon.number).texts.length === 1)
  })

  it.each([10, 200, 299, 131_005, 3])('code %i: it may not do what is needed', async (code) => {
    daemon.platform.faults.strike('send', { kind: 'error', code }, { times: 1 })
    daemon.alice.write(daemon.number, 'hello')
    const { reason } = await daemon.untilState('logged_out')
    expect(reason?.code).toBe('access_token_permission')
    expect(calls('send')).toHaveLength(1)
    // Somebody gave the token what it lacked.
    await daemon.accounts.reconnect('default')
    await daemon.untilSeen(daemon.alice, 'hello')
    await daemon.until('the second call', () => calls('send').length === 2)
  })

  it('is not taken for ended by a call about templates, which needs another permission', async () => {
    daemon.platform.faults.strike('templates', { kind: 'error', code: 200 }, { times: 1 })
    await expect(daemon.accounts.messages('default').templates({})).rejects.toMatchObject({
      code: 'misconfigured',
    })
    expect(daemon.account().state).toBe('connected')
    daemon.platform.endToken(daemon.number, 'revoked')
    await expect(daemon.accounts.messages('default').templates({ refresh: true })).rejects.toMatchObject({
      code: 'misconfigured',
    })
    await daemon.untilState('logged_out')
  })
})

describe('an account that Meta restricts', () => {
  it.each([
    ['send', 131_031],
    ['send', 368],
    ['describe-media', 131_031],
  ] as const)('is shown so at once, and what waits is kept: %s, %i', async (operation, code) => {
    daemon.platform.faults.strike(operation, { kind: 'error', code }, { times: 1 })
    if (operation === 'send') {
      daemon.alice.write(daemon.number, 'hello')
      const { reason } = await daemon.untilState('restricted')
      expect(reason?.code).toBe('business_restricted')
      expect(daemon.published('message.failed')).toEqual([])
      await daemon.accounts.reconnect('default')
      await daemon.untilSeen(daemon.alice, 'hello')
      return
    }
    daemon.alice.sendFile(daemon.number, { kind: 'image', data: picture, caption: 'look' })
    await daemon.until('the refusal', () => calls('describe-media').some((call) => call.code === code))
    await daemon.until('an answer', () => daemon.alice.seen(daemon.number).texts.length === 1)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** Reconnects within milliseconds, so that a whole series of failures fits into a test. */
const FAST = { reconnect: { firstDelayMs: 10, capMs: 50 } }

describe('what WhatsApp can answer to a linked account', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start({ timings: FAST })
    await stack.link()
  })
  afterEach(() => stack.stop())

  const answersAgain = async (): Promise<void> => {
    await stack.untilState('connected')
    const text = `are you there ${Math.random()}`
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
  }

  const leftConnected = (): Promise<unknown> =>
    stack.until('a lost connection', () => stack.account().state !== 'connected')

  it.each([
    ['restart (515)', { code: 515 }],
    ['unavailable (503)', { code: 503 }],
    ['516', { code: 516 }],
    ['a bad stanza', { child: { tag: 'xml-not-well-formed' } }],
    ['an unknown error', { code: 599 }],
  ])('reconnects after the stream error %s', async (_name, error) => {
    const gone = leftConnected()
    stack.simulator.faults.streamError(error)
    await gone
    await answersAgain()
  })

  it('reconnects after a reset connection', async () => {
    const gone = leftConnected()
    stack.simulator.faults.reset()
    await gone
    await answersAgain()
  })

  it('replaces the socket at once after a frame that nobody can read', async () => {
    const gone = leftConnected()
    stack.simulator.faults.garbageFrame()
    await gone
    expect(stack.published('account.status').at(-1)?.reason?.code).toBe('connection_stale')
    await answersAgain()
  })

  it.each([401, 503])(
    'keeps trying when the upgrade is refused with HTTP %i, and never calls it a logout',
    async (status) => {
      const refusal = stack.simulator.faults.refuseUpgrade(status)
      const gone = leftConnected()
      stack.simulator.faults.reset()
      await gone
      await expect.poll(() => refusal.hits).toBeGreaterThanOrEqual(3)
      expect(stack.account()).toMatchObject({ linked: true, reason: { code: 'upgrade_refused' } })
      refusal.clear()
      await answersAgain()
    },
  )

  it.each([500, 503, 516])('retries a login that fails with %i', async (reason) => {
    const failure = stack.simulator.faults.failLogin({ reason }, { times: 3 })
    stack.simulator.faults.reset()
    await expect.poll(() => failure.hits).toBe(3)
    await answersAgain()
  })

  it.each([
    [403, 'banned', 'account_locked'],
    [406, 'banned', 'account_banned'],
    [419, 'banned', 'account_locked'],
    [409, 'misconfigured', 'client_rejected'],
    [411, 'misconfigured', 'client_rejected'],
    [418, 'misconfigured', 'client_rejected'],
  ] as const)(
    'stops at %i, keeps the link, and goes on when a person says so',
    async (reason, state, code) => {
      const failure = stack.simulator.faults.failLogin({ reason })
      stack.simulator.faults.reset()
      const account = await stack.untilState(state)
      expect(account).toMatchObject({ linked: true, reason: { code }, nextAttemptAt: null })
      expect(failure.hits).toBe(1)
      failure.clear()
      await stack.accounts.reconnect('default')
      await answersAgain()
    },
  )

  it('waits for the end of a temporary ban (402), which it shows', async () => {
    stack.simulator.faults.failLogin({ reason: 402, expireSeconds: 2, code: 101 }, { times: 1 })
    const before = Date.now()
    stack.simulator.faults.reset()
    const account = await stack.untilState('restricted')
    expect(account.reason?.code).toBe('temporarily_banned')
    expect(Date.parse(account.until ?? '') - before).toBeGreaterThan(1_000)
    await answersAgain()
  })

  it('tries an outdated client (405) once more, then says what to do', async () => {
    const failure = stack.simulator.faults.failLogin({ reason: 405 })
    stack.simulator.faults.reset()
    const account = await stack.untilState('outdated')
    expect(failure.hits).toBe(2)
    expect(account.reason?.action).toContain('Upgrade')
    expect(account.linked).toBe(true)
  })

  it('does not fight another process for the link (440): three tries, then it says so', async () => {
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await stack.untilState('connected')
      const gone = leftConnected()
      stack.simulator.faults.streamError({ child: { tag: 'conflict', type: 'replaced' } })
      await gone
      if (attempt < 4) expect(stack.account().reason?.code).toBe('connection_replaced')
    }
    expect(stack.account()).toMatchObject({ state: 'conflict', linked: true, nextAttemptAt: null })
    await stack.accounts.reconnect('default')
    await answersAgain()
  })

  it.each(['connected', 'away'] as const)(
    'is logged out when the phone removes the device while we are %s',
    async (when) => {
      if (when === 'away') await stack.stopDaemon()
      await stack.owner.removeCompanion()
      if (when === 'away') await stack.startDaemon()
      const account = await stack.untilState('logged_out')
      expect(account).toMatchObject({ linked: false, phoneNumber: null })
      expect(account.reason?.action).toContain('QR')
      await stack.stopDaemon()
      await stack.startDaemon()
      expect(stack.account().state).toBe('logged_out')
      await stack.link()
      await answersAgain()
    },
  )

  it('disconnects on both sides, and needs a new scan afterwards', async () => {
    const result = await stack.accounts.disconnect('default')
    expect(result).toMatchObject({ unlinkedOnPhone: true, account: { state: 'unlinked', linked: false } })
    expect(stack.owner.companions).toHaveLength(0)
    expect(stack.account().reason?.code).toBe('disconnected_by_user')
    await stack.link()
    await answersAgain()
  })

  it('disconnects without network too, and says that the phone still lists the device', async () => {
    stack.simulator.faults.refuseUpgrade(503)
    const gone = leftConnected()
    stack.simulator.faults.reset()
    await gone
    const result = await stack.accounts.disconnect('default')
    expect(result.unlinkedOnPhone).toBe(false)
    expect(stack.account().reason).toMatchObject({ code: 'disconnected_locally' })
    expect(stack.owner.companions).toHaveLength(1)
  })

  it('pauses and resumes without losing the link', async () => {
    stack.writeConfig([ALICE], { enabled: false })
    await stack.untilState('disabled')
    await expect.poll(() => stack.simulator.connections).toHaveLength(0)
    expect(stack.account().linked).toBe(true)
    stack.writeConfig([ALICE], { enabled: true })
    await answersAgain()
  })
})

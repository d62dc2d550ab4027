import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Sibling } from '../support/sibling.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** Longer than the longest wait of these tests before a link is fetched back. */
const QUIET_MS = 1_500

describe('a cloned or restored sandbox', () => {
  let stack: Stack
  let copy: Sibling | null = null
  let logins = 0
  afterEach(async () => {
    vi.restoreAllMocks()
    await copy?.stop()
    copy = null
    await stack.stop()
  })

  const begin = async (env: NodeJS.ProcessEnv): Promise<void> => {
    stack = await Stack.start({ env })
    await stack.link()
    logins = 0
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'success') logins += 1
    })
  }
  const cloneWith = async (env: NodeJS.ProcessEnv): Promise<Sibling> => {
    await stack.stopDaemon()
    copy = new Sibling(stack, { env })
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(logins).toBe(1)
    return copy
  }
  const answersOnce = async (text: string): Promise<void> => {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
    await delay(QUIET_MS)
    expect(stack.alice.received.filter((message) => message.text.includes(text))).toHaveLength(1)
  }

  it('tries once, yields to its original, and never fights it', async () => {
    await begin({ WHATSAPPD_INSTANCE_ID: 'original' })
    const clone = await cloneWith({ WHATSAPPD_INSTANCE_ID: 'clone' })
    await clone.start()
    const { reason, linked } = await clone.untilState('conflict')
    expect(linked).toBe(true)
    expect(reason).toMatchObject({
      code: 'copy_detected',
      message: expect.stringContaining('copy'),
      action: expect.stringContaining('take over'),
    })
    await stack.untilState('connected')
    await answersOnce('who answers me')
    expect(stack.account().state).toBe('connected')
    expect(logins).toBe(3)

    await clone.stop()
    await clone.start()
    expect(clone.account()).toMatchObject({ state: 'conflict', reason: { code: 'copy_detected' } })
    await delay(QUIET_MS)
    expect(logins).toBe(3)

    await clone.daemon.registry.reconnect('default')
    await clone.untilState('connected')
    const original = await stack.untilState('conflict')
    expect(original.reason?.code).toBe('connection_replaced')
    await answersOnce('and who now')
    expect(clone.account().state).toBe('connected')
    expect(logins).toBe(4)
  })

  it('takes its place by itself when the original is gone', async () => {
    await begin({ WHATSAPPD_INSTANCE_ID: 'original' })
    const clone = await cloneWith({ WHATSAPPD_INSTANCE_ID: 'clone' })
    await stack.stopDaemon()
    await clone.start()
    await clone.untilState('connected')
    await answersOnce('hello')
  })

  // A memory snapshot copies the instance's name and the boot's id with everything else.
  it('is suspected after a sleep, too: whoever wakes up yields', async () => {
    const realNow = Date.now
    let sleptMs = 0
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + sleptMs)
    await begin({ WHATSAPPD_INSTANCE_ID: 'same' })
    const other = await cloneWith({ WHATSAPPD_INSTANCE_ID: 'same' })
    sleptMs = 10 * 60_000
    await stack.untilEvent('account.status', ({ reason }) => reason?.code === 'woke_up')
    await stack.untilState('connected')
    expect(logins).toBe(2)
    await other.start()
    const { reason } = await stack.untilState('conflict')
    expect(reason?.code).toBe('copy_detected')
    await other.untilState('connected')
    await delay(QUIET_MS)
    expect(logins).toBe(3)
  })
})

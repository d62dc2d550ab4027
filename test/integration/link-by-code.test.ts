import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'

describe('linking by pairing code', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start()
  })
  afterEach(() => stack.stop())

  const code = async (): Promise<string> => {
    const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: '+1 (555) 000-0001' })
    if (offer.method !== 'code') throw new Error('not a code')
    expect(offer.phoneNumber).toBe(OWNER)
    expect(Date.parse(offer.expiresAt)).toBeGreaterThan(Date.now())
    return offer.code
  }

  it('gives eight characters which the phone accepts', async () => {
    const offered = await code()
    expect(offered).toHaveLength(8)
    expect(stack.account()).toMatchObject({ state: 'awaiting_scan', reason: { code: 'enter_code_to_link' } })
    // WhatsApp hears of the code a moment after we do.
    await expect
      .poll(() =>
        stack.owner.enterCode(offered).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await stack.untilState('connected')
    expect(stack.account().phoneNumber).toBe(OWNER)
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
  })

  it('refuses what is no phone number, naming the reason', async () => {
    await expect(stack.accounts.link('default', { method: 'code', phoneNumber: '12' })).rejects.toMatchObject(
      {
        code: 'invalid_phone_number',
      },
    )
    await expect(stack.accounts.link('default', { method: 'code' })).rejects.toMatchObject({
      code: 'invalid_phone_number',
    })
  })

  // A code that nobody entered leaves half a login behind, with which WhatsApp answers 401 at the next start.
  it('an abandoned code does not stand in the way of the next link, here or after a restart', async () => {
    await code()
    await stack.accounts.cancelLink('default')
    await stack.link()
    expect(stack.account().state).toBe('connected')
    await stack.accounts.disconnect('default')

    await code()
    await stack.stopDaemon()
    await stack.startDaemon()
    expect(stack.account().state).toBe('unlinked')
    await stack.link()
    expect(stack.account().state).toBe('connected')
  })

  it('changes from a code to a QR on demand', async () => {
    await code()
    const { qr } = await stack.qr()
    await stack.owner.scan(qr)
    await stack.untilState('connected')
  })

  it('says so when WhatsApp refuses the code', async () => {
    stack.simulator.faults.answerWithError(
      { element: 'link_code_companion_reg' },
      { code: 400, text: 'bad-request' },
    )
    await code().catch(() => {
      // The refusal may come before or after the code is shown.
    })
    await stack.until('the refusal', () => stack.account().reason?.code === 'link_code_rejected')
    expect(stack.account().state).toBe('unlinked')
  })

  const isAsked = () => expect.poll(() => stack.owner.isAskedForCode).toBe(true)

  // Each wrong code makes WhatsApp refuse a step of this side, which once ended the attempt as a refused number.
  it('lets a person mistype the code', async () => {
    const offered = await code()
    await isAsked()
    await expect(stack.owner.enterCode('WRONGONE')).rejects.toThrow('wrong code')
    await stack.owner.enterCode(offered)
    await stack.untilState('connected')
  })

  // Baileys answers each with a secret of its own, and the link is signed with the first one.
  it('survives an answer of the phone that comes twice', async () => {
    const offered = await code()
    await isAsked()
    let repeated = 0
    let finished = 0
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && stageOf(node) === 'companion_finish') finished += 1
      if (direction !== 'out' || node.attrs['type'] !== 'link_code_companion_reg' || repeated > 0) return
      repeated += 1
      setImmediate(() => stack.simulator.faults.send(node))
    })
    // Long enough to derive another secret.
    stack.simulator.faults.scanDelayMs = 2_000
    await stack.owner.enterCode(offered)
    await stack.untilState('connected')
    expect([repeated, finished]).toEqual([1, 1])
  })

  it('outlives the QRs of its socket, which nobody sees', async () => {
    await stack.stop()
    stack = await Stack.start({ timings: { qrTimeoutMs: 30 } })
    const offered = await code()
    // Six QRs; nothing tells that the last one has expired.
    await setTimeout(6 * 30 + 200)
    expect(stack.account()).toMatchObject({ state: 'awaiting_scan' })
    await stack.owner.enterCode(offered)
    await stack.untilState('connected')
  })

  // A link that is signed while this side goes down could not be verified afterwards.
  it('stores the new secret before the phone has it', async () => {
    const offered = await code()
    await isAsked()
    const stored: string[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && stageOf(node) === 'companion_finish') stored.push(storedSecret())
    })
    await stack.owner.enterCode(offered)
    await stack.untilState('connected')
    expect(stored).toEqual([storedSecret()])
  })

  /** Which step of the code this is. */
  function stageOf({ content }: Stanza): string | undefined {
    const [step] = Array.isArray(content) ? content : []
    return typeof step === 'object' ? step.attrs['stage'] : undefined
  }

  function storedSecret(): string {
    const path = join(stack.stateDir, 'accounts', 'default', 'account.db')
    const database = new DatabaseSync(path, { readOnly: true })
    const row = database.prepare('SELECT value FROM credentials').get() as { value: string }
    database.close()
    return (JSON.parse(row.value) as { advSecretKey: string }).advSecretKey
  }
})

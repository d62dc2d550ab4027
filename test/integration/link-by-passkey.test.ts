import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { AccountPasskey } from '../../src/protocol/account/account.ts'
import { OWNER, Stack, type StackOptions } from '../support/stack.ts'

type Demand = Parameters<Stack['simulator']['faults']['demandPasskey']>[0]

/** What the simulated WhatsApp asks now. */
function challengeOf(stack: Stack): unknown {
  const { response } = stack.owner.passkeys.sign()
  const data: { challenge?: unknown } = JSON.parse(
    Buffer.from(response.clientDataJSON, 'base64url').toString(),
  )
  return data.challenge
}

// Each story: the phone scans, WhatsApp demands a passkey, a browser signs, the account is linked, or says why it is not.
describe('linking with a passkey', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  /** A phone that has a passkey has scanned the QR. */
  const scanned = async (demand: Demand = {}, options: StackOptions = {}): Promise<void> => {
    stack = await Stack.start(options)
    stack.owner.passkeys.create()
    stack.simulator.faults.demandPasskey(demand)
    const { qr } = await stack.qr()
    // It is linked in the end, or not: what matters is what this side shows.
    stack.owner.scan(qr).catch(() => {})
  }

  const ceremony = (step: AccountPasskey['step']): Promise<AccountPasskey> =>
    stack.until(`the step ${step}`, () =>
      stack.accounts.passkeys().find((live) => live.step === step && (step !== 'challenge' || live.options)),
    )

  /** What the browser gives for what is asked now; `from`: whose passkey the person chose. */
  const sign = async (from = stack.owner): Promise<void> => {
    const { ceremonyId, options } = await stack.until('the last question', () => {
      const [live] = stack.accounts.passkeys()
      const asked = live?.options?.['challenge']
      return asked !== undefined && asked === challengeOf(stack) && live
    })
    const assertion = JSON.stringify(from.passkeys.sign({ challenge: String(options?.['challenge']) }))
    await stack.accounts.answerPasskey('default', { ceremonyId, assertion })
  }

  const talks = async (): Promise<void> => {
    await stack.untilState('connected')
    expect(stack.account().phoneNumber).toBe(OWNER)
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
  }

  const endsFor = (reason: string): Promise<unknown> =>
    stack.until(reason, () => {
      const { state, reason: why, passkey } = stack.account()
      return state === 'passkey_required' && why?.code === reason && passkey === undefined
    })

  it.each<[string, Demand]>([
    ['with options', {}],
    ['without options', { withoutOptions: true }],
    ['twice', { twice: true }],
    ['with the name of the server as a plain word', { from: 's.whatsapp.net' }],
  ])('links without a code to compare where the demand comes %s', async (_name, demand) => {
    await scanned(demand)
    const { options, expiresAt } = await ceremony('challenge')
    expect(options).toMatchObject({ rpId: 'whatsapp.com', challenge: expect.any(String) })
    const left = Date.parse(expiresAt) - Date.now()
    expect(left).toBeGreaterThan(500_000)
    expect(left).toBeLessThanOrEqual(600_000)
    expect(stack.account()).toMatchObject({ state: 'passkey_required', passkey: { step: 'challenge' } })
    expect(stack.accounts.offers()).toEqual([])
    await sign()
    await talks()
    const shown = stack.published('account.passkey').map(({ step }) => step)
    expect([...new Set(shown)]).toEqual(['challenge', 'sent', 'confirming'])
    expect(stack.accounts.passkeys()).toEqual([])
  })

  // Baileys answers in the name of the account, which there is none of yet; WhatsApp ends the stream of who does not acknowledge.
  it('acknowledges the demand, each time, though there is no account yet', async () => {
    const demands: string[] = []
    const acknowledged: string[] = []
    stack = await Stack.start()
    stack.simulator.onTrace(({ direction, node: { tag, attrs } }) => {
      const { id = '', type } = attrs
      if (direction === 'out' && type === 'passkey_prologue_request') demands.push(id)
      if (direction === 'in' && tag === 'ack' && attrs['class'] === 'notification') acknowledged.push(id)
    })
    stack.owner.passkeys.create()
    stack.simulator.faults.demandPasskey({ twice: true })
    const { qr } = await stack.qr()
    stack.owner.scan(qr).catch(() => {})
    await ceremony('challenge')
    await expect.poll(() => demands).toHaveLength(2)
    await expect.poll(() => acknowledged).toEqual(demands)
  })

  it('links with a code to compare where the signature comes late', async () => {
    await scanned({}, { timings: { passkey: { proofMs: 0 } } })
    await sign()
    const { code, ceremonyId } = await ceremony('code')
    expect(stack.owner.passkeys.ceremony?.code?.replace('-', '')).toBe(code)
    expect(stack.account()).toMatchObject({ reason: { code: 'passkey_code' }, passkey: { code } })
    await stack.accounts.confirmPasskey('default', ceremonyId, true)
    await talks()
  })

  it('ends where the codes differ', async () => {
    await scanned({ codesDiffer: true }, { timings: { passkey: { proofMs: 0 } } })
    await sign()
    const { code, ceremonyId } = await ceremony('code')
    expect(stack.owner.passkeys.ceremony?.code?.replace('-', '')).not.toBe(code)
    await stack.accounts.confirmPasskey('default', ceremonyId, false)
    await endsFor('passkey_code_differs')
    await expect.poll(() => stack.simulator.connections).toHaveLength(0)
  })

  it.each<[string, Demand]>([
    ['after both sides agreed on a secret', {}],
    ['before they did', { beforeFinish: true }],
  ])('links by pairing code, the demand %s', async (_name, demand) => {
    stack = await Stack.start()
    stack.owner.passkeys.create()
    stack.simulator.faults.demandPasskey(demand)
    const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: OWNER })
    await expect.poll(() => stack.owner.isAskedForCode).toBe(true)
    stack.owner.enterCode(offer.method === 'code' ? offer.code : '').catch(() => {})
    await sign()
    if (demand?.beforeFinish === true)
      await stack.accounts.confirmPasskey('default', (await ceremony('code')).ceremonyId, true)
    await talks()
  })

  it('takes a signature that WhatsApp refuses for no refused pairing code', async () => {
    stack = await Stack.start()
    stack.owner.passkeys.create()
    stack.alice.passkeys.create()
    const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: OWNER })
    await expect.poll(() => stack.owner.isAskedForCode).toBe(true)
    stack.owner.enterCode(offer.method === 'code' ? offer.code : '').catch(() => {})
    await sign(stack.alice)
    await endsFor('passkey_refused')
  })

  it('says what is wrong with an answer, and takes the right one afterwards, once', async () => {
    await scanned()
    const { ceremonyId } = await ceremony('challenge')
    const foreign = JSON.stringify(stack.owner.passkeys.sign({ origin: 'https://evil.example' }))
    await expect(
      stack.accounts.answerPasskey('default', { ceremonyId, assertion: foreign }),
    ).rejects.toMatchObject({
      code: 'passkey_answer_invalid',
      message: expect.stringContaining('evil.example'),
    })
    await expect(
      stack.accounts.answerPasskey('default', { ceremonyId: 'another', assertion: foreign }),
    ).rejects.toMatchObject({ code: 'passkey_not_expected' })
    const assertion = JSON.stringify(stack.owner.passkeys.sign())
    await stack.accounts.answerPasskey('default', { ceremonyId, assertion })
    await expect(stack.accounts.answerPasskey('default', { ceremonyId, assertion })).rejects.toMatchObject({
      code: 'passkey_not_expected',
    })
    await talks()
  })

  it('says so when WhatsApp refuses the signature, and begins anew on demand', async () => {
    await scanned()
    stack.alice.passkeys.create()
    await sign(stack.alice)
    await endsFor('passkey_refused')
    const { qr } = await stack.qr()
    stack.owner.scan(qr).catch(() => {})
    await sign()
    await talks()
  })

  it.each<[string, string, Demand, StackOptions['timings']]>([
    ['nobody signs', 'passkey_timed_out', {}, { passkey: { challengeMs: 150 } }],
    ['the phone says nothing', 'passkey_phone_silent', { silent: true }, { passkey: { waitMs: 300 } }],
    ['nobody compares', 'passkey_not_confirmed', {}, { passkey: { waitMs: 500, proofMs: 0 } }],
    ['the phone sends half a key', 'passkey_failed', { primaryKeyBytes: 16 }, {}],
  ])('ends with a reason of its own where %s', async (_name, reason, demand, timings) => {
    await scanned(demand, { timings: { ...timings } })
    if (reason !== 'passkey_timed_out') await sign()
    await endsFor(reason)
    await expect.poll(() => stack.simulator.connections).toHaveLength(0)
  })

  it('believes nobody but the server', async () => {
    await scanned({ from: '15550000003@s.whatsapp.net' }, { timings: { qrTimeoutMs: 400 } })
    await stack.until('the end of the QRs', () => stack.account().reason?.code === 'link_expired')
    expect(stack.published('account.passkey')).toEqual([])
  })

  it.each(['options', 'ref', 'prologue', 'continuation', 'nonce', 'pairing'] as const)(
    'ends with a reason, and opens no other connection, where the connection ends at %s',
    async (closesAt) => {
      await scanned({ closesAt, withoutOptions: closesAt === 'options' })
      if (closesAt !== 'options') await sign()
      await endsFor('passkey_interrupted')
      await expect.poll(() => stack.simulator.connections).toHaveLength(0)
      expect(stack.account().nextAttemptAt).toBeNull()
      stack.simulator.faults.clear()
      const { qr } = await stack.qr()
      stack.owner.scan(qr).catch(() => {})
      await sign()
      await talks()
    },
  )

  it('is cancelled in every step, and leaves nothing behind', async () => {
    await scanned({ silent: true })
    for (const step of ['challenge', 'sent'] as const) {
      if (step === 'sent') {
        const { qr } = await stack.qr()
        stack.owner.scan(qr).catch(() => {})
        await sign()
      }
      await ceremony(step)
      await stack.accounts.cancelLink('default')
      expect(stack.account()).toMatchObject({ state: 'unlinked', reason: { code: 'link_cancelled' } })
      expect(stack.accounts.passkeys()).toEqual([])
      await expect.poll(() => stack.simulator.connections).toHaveLength(0)
    }
  })

  it('outlives the QRs of its socket', async () => {
    await scanned({}, { timings: { qrTimeoutMs: 60 } })
    await ceremony('challenge')
    await expect.poll(() => stack.published('account.qr').length).toBeGreaterThan(0)
    const offered = stack.published('account.qr').length
    // Six QRs; nothing tells that the last one would have expired.
    await setTimeout(6 * 60 + 100)
    expect(stack.published('account.qr')).toHaveLength(offered)
    await sign()
    await talks()
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import type { AccountPasskey } from '../../../src/protocol/account/account.ts'
import type { ReasonCode } from '../../../src/protocol/reasons.ts'
import { OWNER, Stack, type StackOptions } from '../../support/stack.ts'

type Demand = Parameters<Stack['simulator']['faults']['demandPasskey']>[0]

/** Of reasons of linking with a passkey: each is produced, then its advice is followed. `test/unit/protocol/advice-proofs.ts` lists them. */
describe('the advice of', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const scan = async (): Promise<void> => {
    const { qr } = await stack.qr()
    // It is linked in the end, or not: what matters is what this side shows.
    stack.owner.scan(qr).catch(() => {})
  }
  const begin = async (demand: Demand, timings: StackOptions['timings'] = {}): Promise<void> => {
    stack = await Stack.start({ timings })
    stack.owner.passkeys.create()
    stack.simulator.faults.demandPasskey(demand)
    await scan()
  }
  const step = (name: AccountPasskey['step']): Promise<AccountPasskey> =>
    stack.until(`the step ${name}`, () => stack.accounts.passkeys().find((live) => live.step === name))
  const sign = async (): Promise<void> => {
    const { ceremonyId, options } = await stack.until('the question', () => {
      const [live] = stack.accounts.passkeys()
      return live?.options === undefined ? null : live
    })
    const assertion = JSON.stringify(stack.owner.passkeys.sign({ challenge: String(options?.['challenge']) }))
    await stack.accounts.answerPasskey('default', { ceremonyId, assertion })
  }
  const confirm = async (isSame: boolean): Promise<void> => {
    await stack.accounts.confirmPasskey('default', (await step('code')).ceremonyId, isSame)
  }
  const becauseOf = (code: ReasonCode): Promise<unknown> =>
    stack.until(code, () => stack.account().reason?.code === code)
  const isAnswered = async (): Promise<void> => {
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'are you there?')
    await stack.alice.waitForText('are you there?')
  }

  it('passkey_required, passkey_sent and passkey_code: signed, followed on the phone and compared, it is linked', async () => {
    await begin({}, { passkey: { proofMs: 0 } })
    await becauseOf('passkey_required')
    await sign()
    await step('code')
    expect(stack.account().reason?.code).toBe('passkey_code')
    await confirm(true)
    await isAnswered()
    const said = stack.published('account.status').map(({ reason }) => reason?.code)
    expect(said).toContain('passkey_sent')
  })

  it.each<[ReasonCode, Demand, StackOptions['timings']]>([
    ['passkey_timed_out', {}, { passkey: { challengeMs: 3_000 } }],
    ['passkey_phone_silent', { silent: true }, { passkey: { waitMs: 3_000 } }],
    ['passkey_not_confirmed', {}, { passkey: { waitMs: 3_000, proofMs: 0 } }],
    ['passkey_code_differs', { codesDiffer: true }, { passkey: { proofMs: 0 } }],
    ['passkey_failed', { primaryKeyBytes: 16 }, {}],
  ])('%s: a new attempt links', async (reason, demand, timings) => {
    await begin(demand, timings)
    if (reason !== 'passkey_timed_out') await sign()
    if (reason === 'passkey_code_differs') await confirm(false)
    await becauseOf(reason)
    stack.simulator.faults.clear()
    await scan()
    await sign()
    if (timings?.passkey?.proofMs === 0) await confirm(true)
    await isAnswered()
  })
})

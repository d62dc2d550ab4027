import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installConsoleGuard, type ConsoleGuard } from '../../src/observability/console-guard.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { type Stanza, stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'
import { FUZZ_ROUNDS, FUZZ_SEED } from './fuzz-settings.ts'
import { AnswerBook } from './stanzas/answer-book.ts'
import { endsConnection } from './stanzas/due-answer.ts'
import { hostileNotifications } from './stanzas/hostile-notifications.ts'
import { hostileStanzas } from './stanzas/hostile-stanzas.ts'
import { type Names, stanzaParts } from './stanzas/stanza-parts.ts'

const BATCH = 100
const BATCHES = 12 * FUZZ_ROUNDS
const PASSKEY_STEPS: ReadonlySet<string | undefined> = new Set([
  'passkey_prologue_request',
  'crsc_continuation',
])
const LINKS = 4 * FUZZ_ROUNDS
const ANSWER_DEADLINE_MS = 60_000
/** Stanzas of the account for each that it gets, on average: an answer, and now and then a question. */
const MOST_FOR_EACH = 3

/** Whatever WhatsApp puts on the wire, short of an end, the connection stays, and each stanza gets its answer, once. */
describe('odd stanzas', { timeout: 300_000 * FUZZ_ROUNDS }, () => {
  const rejections: unknown[] = []
  const noteRejection = (error: unknown): void => void rejections.push(error)
  let guard: ConsoleGuard
  let stack: Stack
  let asked = 0

  beforeEach(async () => {
    process.on('unhandledRejection', noteRejection)
    guard = installConsoleGuard(createLogger({ level: 'silent' }))
    stack = await Stack.start({ allowFrom: [ALICE] })
  })
  afterEach(async () => {
    await stack.stop()
    process.off('unhandledRejection', noteRejection)
    guard.uninstall()
    expect(rejections.splice(0)).toEqual([])
  })

  async function expectAnswer(): Promise<void> {
    const text = `still there ${(asked += 1)}?`
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text, ANSWER_DEADLINE_MS)
  }

  const names = (): Names => ({
    stranger: stack.mallory,
    allowed: stack.alice,
    own: { jid: stack.owner.jid, lid: stack.owner.lid, device: stack.owner.companions[0]?.jid ?? '' },
    sent: stack.published('message.sent').map(({ messageId }) => messageId),
  })

  /** Of those that end no connection, with ids that appear once, where they have one. */
  function drawn(stanzas: fc.Arbitrary<Stanza>, count: number): Stanza[] {
    return fc
      .sample(stanzas, { seed: FUZZ_SEED, numRuns: count })
      .filter((each) => !endsConnection(each))
      .map((each, index) => {
        const { id } = each.attrs
        // One that looks like an address is written, and so read, as an address.
        return id ? { ...each, attrs: { ...each.attrs, id: `${index}-${id.replaceAll('@', '')}` } } : each
      })
  }

  it('are each acknowledged as WhatsApp wants, and end nothing', async () => {
    await stack.link()
    await expectAnswer()
    const book = new AnswerBook(stack.simulator)
    const odd = drawn(hostileStanzas(names()), BATCH * BATCHES)
    for (let at = 0; at < odd.length; at += BATCH) {
      const batch = odd.slice(at, at + BATCH)
      for (const each of batch) expect(stack.simulator.faults.send(each)).toBe(1)
      await expectAnswer()
      expect(await book.untilAnswered(batch)).toBeUndefined()
    }
    expect(book.wrong(odd)).toEqual([])
    expect(stack.published('account.status').map(({ state }) => state)).not.toContain('reconnecting')
    expect(book.said).toBeLessThan(odd.length * MOST_FOR_EACH)
  })

  /** Notifications of the server itself. */
  const ofServer = (isPasskey: boolean): fc.Arbitrary<Stanza> =>
    hostileNotifications(stanzaParts(names()))
      .filter(({ attrs }) => PASSKEY_STEPS.has(attrs.type) === isPasskey)
      .map((each) => ({ ...each, attrs: { ...each.attrs, from: 's.whatsapp.net' } }))

  it('are acknowledged while a device is being linked, which goes on', async () => {
    const book = new AnswerBook(stack.simulator)
    const { qr } = await stack.qr()
    const odd = drawn(ofServer(false), BATCH * LINKS)
    for (const each of odd) expect(stack.simulator.faults.send(each)).toBe(1)
    expect(await book.untilAnswered(odd)).toBeUndefined()
    expect(book.wrong(odd)).toEqual([])
    expect(stack.account().state).toBe('awaiting_scan')
    const [latest] = stack.published('account.qr').slice(-1)
    await stack.owner.scan(latest?.qr ?? qr)
    await stack.untilState('connected')
    await expectAnswer()
  })

  it('that are steps of a link with a passkey do not stand in the way of the next link', async () => {
    const odd = drawn(ofServer(true), 10 * LINKS)
    for (let at = 0; at < odd.length; at += 10) {
      stack.events.length = 0
      await stack.qr()
      const demand = { from: 's.whatsapp.net', id: `DEMAND-${at}`, type: 'passkey_prologue_request' }
      const last = { from: 's.whatsapp.net', id: `LAST-${at}`, type: 'psa' }
      const answered = untilSaid(stack.simulator, ({ attrs }) => attrs.id === last.id)
      for (const each of [
        stanza('notification', demand),
        ...odd.slice(at, at + 10),
        stanza('notification', last),
      ])
        stack.simulator.faults.send(each)
      const failed = stack.untilEvent('account.status', ({ reason }) => reason?.code === 'passkey_failed')
      await Promise.race([failed, answered])
      // The other one waits in vain.
      for (const each of [failed, answered]) each.catch(() => undefined)
      await stack.accounts.cancelLink('default')
    }
    await stack.link()
    await expectAnswer()
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FirstContact } from '../../src/simulator/server/account.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** Somebody of whom the phone's history has no token. */
const STRANGER = '+15550000009'

/*
 * One error, 463, has three causes: a number in the place of the LID (`lid-first.test.ts`), an account that may write to
 * nobody new, and a person who has given no token. All three were reported as the second, for ever and without its end.
 */
describe('a message that WhatsApp refuses', () => {
  let stack: Stack
  let stranger: SimulatedPhone
  const tries: string[] = []
  const questions: string[] = []

  beforeEach(async () => {
    tries.length = 0
    questions.length = 0
    stack = await Stack.start({ allowFrom: [ALICE, STRANGER] })
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in') return
      if (node.tag === 'message' && node.attrs.category !== 'peer') tries.push(node.attrs.to ?? '')
      if (node.attrs.xmlns === 'w:mex') questions.push('lock')
    })
    await stack.link()
    stranger = stack.createPhone(STRANGER, 'Stranger')
  })
  afterEach(() => stack.stop())

  const lacksToken = (firstContact: FirstContact): void => {
    stranger.account.firstContact = firstContact
  }
  const failureOf = async (text: string): Promise<{ code: string; message: string }> => {
    const known = stack.published('message.failed').length
    await stranger.sendText(OWNER, text)
    await stack.until('a failure', () => stack.published('message.failed').length > known)
    const failed = stack.published('message.failed').at(-1)
    return { code: failed?.code ?? '', message: failed?.message ?? '' }
  }

  it('for a token that is missing goes again, once, when the token has come', async () => {
    lacksToken('token')
    await stranger.sendText(OWNER, 'hello')
    const { id } = await stranger.waitForText('hello')
    await stack.untilEvent('message.sent', ({ messageId }) => messageId === id)
    expect(tries).toEqual([stranger.lid, stranger.lid])
    expect(questions).toEqual(['lock'])
    expect(stack.account().state).toBe('connected')
    await stranger.sendText(OWNER, 'again')
    await stranger.waitForText('again')
    expect(tries).toHaveLength(3)
  })

  it('twice without a lock is for a person who must write first, and is not tried for ever', async () => {
    lacksToken('closed')
    const failed = await failureOf('hello')
    expect(failed.code).toBe('cannot_write_first')
    expect(tries).toEqual([stranger.lid, stranger.lid])
    expect(stack.account().state).toBe('connected')
  })

  it('because nobody new may be written to says until when; existing chats go on, and the lock ends by itself', async () => {
    await stack.alice.sendText(OWNER, 'before')
    await stack.alice.waitForText('before')
    lacksToken('token')
    const until = Math.floor(Date.now() / 1000) + 6
    stack.owner.lockReachout({ until }, { tells: false })
    tries.length = 0
    const failed = await failureOf('hello')
    expect(failed.code).toBe('reachout_locked')
    expect(failed.message).toContain(new Date(until * 1000).toISOString().slice(0, 16).replace('T', ' '))
    expect(stack.account()).toMatchObject({
      state: 'restricted',
      reason: { code: 'reachout_locked' },
      until: new Date(until * 1000).toISOString(),
    })
    expect(tries).toEqual([stranger.lid])
    // What is known to be refused is not tried again, and nothing is asked about it.
    expect((await failureOf('anybody there')).code).toBe('reachout_locked')
    expect(tries).toHaveLength(1)
    expect(questions).toHaveLength(1)
    await stack.alice.sendText(OWNER, 'meanwhile')
    await stack.alice.waitForText('meanwhile')
    await stack.untilState('connected')
    await stranger.sendText(OWNER, 'after the lock')
    await stranger.waitForText('after the lock')
  })

  it('while WhatsApp has told of a lock is refused before it goes out, also after a restart', async () => {
    lacksToken('token')
    stack.owner.lockReachout({ until: null })
    await stack.untilState('restricted')
    expect(stack.account().until).toBeNull()
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('restricted')
    expect((await failureOf('hello')).code).toBe('reachout_locked')
    expect(tries).toEqual([])
    stack.owner.lockReachout(null)
    await stack.untilState('connected')
    await stranger.sendText(OWNER, 'now')
    await stranger.waitForText('now')
  })

  it('for stale knowledge of a group, or of devices, makes the daemon ask again', async () => {
    const asked: string[] = []
    const group = stack.simulator.createGroup({ subject: 'Group', members: [stack.owner, stack.alice] })
    const ask = async (text: string): Promise<void> => {
      await stack.alice.sendGroupText(group, text, { mention: OWNER })
      await stack.alice.waitForText((message) => message.chat === group.jid && message.text.includes(text))
    }
    await ask('one')
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'iq') asked.push(node.attrs.xmlns ?? '')
    })
    stack.simulator.faults.refuseMessages(421, { times: 1 })
    await ask('two')
    expect(asked).toContain('w:g2')
    expect(stack.published('message.failed')).toEqual([])

    await stack.alice.sendText(OWNER, 'three')
    await stack.alice.waitForText('three')
    stack.simulator.faults.refuseMessages(479, { times: 1 })
    await stack.alice.sendText(OWNER, 'four')
    await stack.untilEvent('message.failed', ({ code }) => code === 'stanza_invalid')
    asked.length = 0
    await stack.alice.sendText(OWNER, 'five')
    await stack.alice.waitForText('five')
    expect(asked).toContain('usync')
  })

  it.each([
    [475, 'new_chat_limit'],
    [479, 'stanza_invalid'],
    [406, 'message_refused'],
  ])('with %i is named %s, and not tried again', async (error, code) => {
    stack.simulator.faults.refuseMessages(error)
    await stack.alice.sendText(OWNER, 'hello')
    const failed = await stack.untilEvent('message.failed')
    expect(failed.code).toBe(code)
    expect(tries).toHaveLength(1)
    expect(questions).toEqual([])
  })
})

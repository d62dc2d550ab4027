import { afterEach, describe, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'

/** Meta: too many messages of the number at a time. */
const NUMBER_RATE = 130_429
/** Messages of each person. */
const ROUNDS = 20

describe('what a Business number sends', () => {
  let business: BusinessDaemon
  afterEach(() => business.stop())

  it('answers 1,000 messages of 50 people each in its chat and once, within the rate of each pair', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => `+1555000${2_000 + index}`)
    business = await BusinessDaemon.start({ allowFrom: numbers })
    const { platform, number } = business
    const people = numbers.map((phoneNumber, index) =>
      platform.addPerson({ phoneNumber, name: `Person ${index}` }),
    )
    const said = (person: number): string[] =>
      Array.from({ length: ROUNDS }, (_, round) => `${person}.${round}`)
    for (let round = 0; round < ROUNDS; round += 1)
      people.forEach((person, index) => person.write(number, `${index}.${round}`))
    const lines = (index: number): string[] =>
      (people[index]?.seen(number).texts ?? []).flatMap(({ text }) => text.split('\n'))
    await business.until(
      'all answers',
      () => people.every((_, index) => lines(index).length >= ROUNDS),
      150_000,
    )
    // Webhooks come in any order.
    people.forEach((_, index) => expect(lines(index).toSorted()).toEqual(said(index).toSorted()))
    expect(business.published('message.failed')).toEqual([])
    // Never too much to one person; what people write counts for the rate of the number, too, and is waited for.
    const refusals = platform.calls.items.filter(
      ({ operation, status }) => operation === 'send' && status !== 200,
    )
    expect(refusals.filter(({ code }) => code !== NUMBER_RATE)).toEqual([])
  })

  it('shows a message once whose answer was lost, and knows from its status that it is out', async () => {
    business = await BusinessDaemon.start()
    const { platform, number, alice } = business
    platform.faults.strike('send', { kind: 'lost-answer' }, { times: 1 })
    alice.write(number, 'once')
    const { messageId } = await business.untilEvent('message.delivered')
    expect(business.published('message.sent').map((sent) => sent.messageId)).toEqual([messageId])
    alice.write(number, 'behind it')
    await business.untilSeen(alice, 'behind it')
    expect(alice.seen(number).texts.map(({ text }) => text)).toEqual(['once', 'behind it'])
  })

  it('says that Meta restricts the account, holds what waits, and sends it when a person looks again', async () => {
    business = await BusinessDaemon.start()
    const { platform, number, alice } = business
    platform.faults.strike('send', { kind: 'error', code: 131048 }, { times: 1 })
    alice.write(number, 'hello')
    await business.until('a restriction', () => business.account().reason?.code === 'business_restricted')
    const client = await business.client()
    const { hold, messages } = await client.request('outbox.list', { account: 'default' })
    expect(hold).toMatchObject({ code: 'account_restricted' })
    expect(messages).toMatchObject([{ waitsFor: 'limit', attempts: 0 }])
    await client.request('accounts.reconnect', { account: 'default' })
    await business.untilSeen(alice, 'hello')
    expect(business.account().reason?.code).not.toBe('business_restricted')
    client.close()
  })
})

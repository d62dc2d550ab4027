import type { WAMessageKey } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from '../integration/simulator-bare-bot.ts'
import { type CastGroup, EVERYBODY, GROUPS, OWNER, type Person } from './cast.ts'
import type { Counts } from './counts.ts'
import { Ledger, watchEverybody } from './ledger.ts'
import type { Place } from './question.ts'

const [FAMILY, , ELSEWHERE] = GROUPS as [CastGroup, CastGroup, CastGroup]
const [ANNA, BORIS, , XAVER] = FAMILY.members as [Person, Person, Person, Person]

// What a ledger does not see, no round of faults finds: a bot that does wrong on purpose.
describe('the ledger, with a bot that errs', () => {
  let simulator: Simulator
  let bot: BareBot
  let ledger: Ledger
  let jids: Map<CastGroup, string>

  const phone = ({ phoneNumber }: Person) => {
    const found = simulator.phone(phoneNumber)
    if (found === undefined) throw new Error(`nobody has ${phoneNumber}`)
    return found
  }
  const usersOf = (person: Person): string[] => {
    const { user, lidUser } = phone(person).account
    return [user, lidUser]
  }
  const jidOf = (group: CastGroup): string => jids.get(group) ?? ''
  const alone: Place = { group: null, chat: null, isAnswered: true }
  const inGroup = (group: CastGroup): Place => ({
    group,
    chat: jidOf(group),
    isAnswered: group.isAllowed,
  })
  /** What is counted, beside the messages. */
  const counted = (): Partial<Counts> => {
    const { messages, ...counts } = ledger.counts
    expect(messages).toBeGreaterThan(0)
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  }

  beforeEach(async () => {
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { sharesState: false } })
    await simulator.start()
    for (const person of EVERYBODY) simulator.createPhone(person).account.lidMigration = 'either'
    jids = new Map(
      GROUPS.map((group) => {
        const { subject, addressing, members } = group
        const phones = [...members, OWNER].map(phone)
        return [group, simulator.createGroup({ subject, addressing, members: phones }).jid]
      }),
    )
    ledger = new Ledger()
    ledger.allowGroup(jidOf(FAMILY), FAMILY.members)
    watchEverybody(ledger, (phoneNumber) => phone({ phoneNumber } as Person)) // looked up by number alone
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER.phoneNumber)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await bot.stop()
    await simulator.stop()
  })

  /** Says something and waits until it stands on these phones. */
  const say = async (jid: string, text: string, at: readonly Person[]): Promise<void> => {
    const sent = await bot.socket.sendMessage(jid, { text })
    await Promise.all(at.map((person) => phone(person).waitForText(({ id }) => id === sent?.key.id)))
  }
  const sayInGroup = (group: CastGroup, text: string): Promise<void> => say(jidOf(group), text, group.members)
  const ask = async (author: Person, group: CastGroup): Promise<string> => {
    const text = ledger.newText(author, inGroup(group), 2)
    const place = simulator.group(jidOf(group))
    if (place === undefined) throw new Error('no such group')
    await phone(author).sendGroupText(place, text)
    return text
  }

  it('is content with one answer that the whole group sees', async () => {
    const text = await ask(ANNA, FAMILY)
    expect(ledger.outstanding).toBe(1)
    await sayInGroup(FAMILY, `@123 ${text}`)
    expect(ledger.outstanding).toBe(0)
    expect(counted()).toEqual({})
  })

  it('misses what nobody answers', async () => {
    await ask(BORIS, FAMILY)
    ledger.giveUp()
    expect(counted()).toEqual({ lost: 1 })
  })

  it('sees an answer that comes again, at every phone', async () => {
    const text = await ask(ANNA, FAMILY)
    await sayInGroup(FAMILY, text)
    await sayInGroup(FAMILY, text)
    expect(counted()).toEqual({ duplicated: FAMILY.members.length })
  })

  it('sees answers that come out of order', async () => {
    const first = await ask(ANNA, FAMILY)
    await sayInGroup(FAMILY, await ask(ANNA, FAMILY))
    await sayInGroup(FAMILY, first)
    expect(counted()).toEqual({ disordered: 1 })
  })

  it('sees an answer to a stranger, and one in a group that is none of its business', async () => {
    await sayInGroup(FAMILY, await ask(XAVER, FAMILY))
    expect(counted()).toEqual({ unauthorised: 2 * FAMILY.members.length })
    await sayInGroup(ELSEWHERE, await ask(BORIS, ELSEWHERE))
    expect(counted()).toEqual({ unauthorised: 2 * FAMILY.members.length + ELSEWHERE.members.length })
  })

  it('sees what was asked in the group and answered elsewhere', async () => {
    const text = await ask(ANNA, FAMILY)
    await say(phone(ANNA).jid, text, [ANNA])
    expect(counted()).toEqual({ unauthorised: 2 })
    expect(ledger.outstanding).toBe(1)
  })

  it('sees typing and read marks where the assistant must not show itself', async () => {
    // Baileys says nothing of its presence without a name.
    Object.assign(bot.credentials.me ?? {}, { name: 'Olga' })
    await bot.socket.sendPresenceUpdate('available')
    await bot.socket.sendPresenceUpdate('composing', jidOf(ELSEWHERE))
    await phone(BORIS).waitForTyping(({ chat }) => chat === jidOf(ELSEWHERE))
    const typed = ELSEWHERE.members.length
    await ask(XAVER, FAMILY)
    const { message } = await bot.waitForMessage(({ message: content }) => !!content?.conversation)
    await bot.socket.readMessages([message.key])
    await phone(XAVER).waitForReceipt(({ type }) => type === 'read')
    expect(counted()).toEqual({ unauthorised: typed + 1 })
  })

  it('takes either version of an edited text, and not both', async () => {
    for (const answersNew of [true, false]) {
      const text = await ask(ANNA, FAMILY)
      const edited = ledger.editedText(text, 3)
      await sayInGroup(FAMILY, answersNew ? edited : text)
      expect(ledger.outstanding).toBe(0)
    }
    expect(counted()).toEqual({})
    const text = ledger.newText(ANNA, alone, 1)
    const edited = ledger.editedText(text, 1)
    await say(phone(ANNA).lid, text, [ANNA])
    await say(phone(ANNA).lid, edited, [ANNA])
    expect(counted()).toEqual({ duplicated: 1 })
  })

  it('takes one answer to a deleted text, or none', async () => {
    const [unanswered, answered] = [await ask(ANNA, FAMILY), await ask(BORIS, FAMILY)]
    ledger.revoked(unanswered)
    ledger.revoked(answered)
    await sayInGroup(FAMILY, answered)
    ledger.giveUp()
    expect(counted()).toEqual({})
    await sayInGroup(FAMILY, answered)
    expect(counted()).toEqual({ duplicated: FAMILY.members.length })
  })

  it('sees a reaction to a stranger, one that comes twice, and one that stays', async () => {
    await ask(ANNA, FAMILY)
    await ask(XAVER, FAMILY)
    const [question, strange] = [ANNA, XAVER].map((person) => phone(person).sent.items.at(-1)?.id)
    ledger.reactions.mayGetOne(question ?? '')
    const react = async (id: string | undefined, emoji: string): Promise<void> => {
      const { message } = await bot.waitForMessage(({ key }) => key.id === id)
      const sent = await bot.socket.sendMessage(jidOf(FAMILY), { react: { text: emoji, key: message.key } })
      const isThere = (seen: { id: string }): boolean => seen.id === sent?.key.id
      await Promise.all(FAMILY.members.map((person) => phone(person).waitForText(isThere)))
    }
    await react(question, '👀')
    expect(ledger.reactions.standing(usersOf)).toBe(FAMILY.members.length)
    expect(counted()).toEqual({})
    await react(question, '')
    expect(ledger.reactions.standing(usersOf)).toBe(0)
    await react(question, '👀')
    expect(counted()).toEqual({ duplicated: FAMILY.members.length })
    await react(strange, '👀')
    expect(counted()).toMatchObject({ unauthorised: FAMILY.members.length })
  })

  // No bot can take back what WhatsApp does not let it take back; a round was called corrupt for it.
  it('excuses a reaction that stays because WhatsApp refused to take it back, and no other', async () => {
    simulator.onTrace(({ node }) => ledger.reactions.traced(node))
    const keys: { person: Person; key: WAMessageKey }[] = []
    for (const person of [ANNA, BORIS]) {
      const text = ledger.newText(person, alone, 1)
      const { id } = await phone(person).sendText(OWNER.phoneNumber, text)
      ledger.reactions.mayGetOne(id)
      keys.push({ person, key: (await bot.waitForMessage(({ key }) => key.id === id)).message.key })
    }
    const react = async (text: string, { person, key }: (typeof keys)[number]): Promise<void> => {
      const jid = key.remoteJid ?? ''
      const sent = await bot.socket.sendMessage(jid, { react: { text, key } })
      if (text !== '') await phone(person).waitForText(({ id }) => id === sent?.key.id)
    }
    const standing = () => expect.poll(() => ledger.reactions.standing(usersOf))
    for (const each of keys) await react('👀', each)
    await standing().toBe(2)
    simulator.faults.refuseMessages(475, { times: 1 })
    for (const [index, each] of keys.entries()) {
      await react('', each)
      await standing().toBe(1 - index)
    }
    expect(phone(ANNA).received.at(-1)?.reaction?.emoji).toBe('👀')
    expect(counted()).toEqual({})
  })

  it('sees words that nobody wrote', async () => {
    await ask(ANNA, FAMILY)
    await say(phone(ANNA).lid, 'As I said', [ANNA])
    expect(counted()).toEqual({ corrupt: 3 })
  })
})

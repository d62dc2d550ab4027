import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'

const BERND = '+15550000004'

describe('groups', () => {
  let stack: Stack
  let family: SimulatedGroup
  let daemon: CommandLine | null = null

  const start = async (options: StackOptions = {}, addressing: 'lid' | 'pn' = 'lid'): Promise<void> => {
    stack = await Stack.start({ allowFrom: [ALICE], ...options })
    const bernd = stack.simulator.createPhone({ phoneNumber: BERND, name: 'Bernd' })
    family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory, bernd],
      addressing,
    })
    await stack.link()
  }
  const mention = { mention: OWNER }
  /** What the account wrote to the group, as this phone saw it. */
  const answers = (phoneNumber: string): string[] =>
    stack
      .phone(phoneNumber)
      .received.filter(({ chat, from }) => chat === family.jid && from === OWNER)
      .map(({ text }) => text)
  const answered = (phoneNumber: string, text: string, timeoutMs?: number) =>
    stack
      .phone(phoneNumber)
      .waitForText(
        (message) => message.text === text && message.from === OWNER && message.chat === family.jid,
        timeoutMs,
      )
  const onDisk = (text: string): boolean => {
    const directory = join(stack.stateDir, 'accounts', 'default')
    return readdirSync(directory).some(
      (file) => file.startsWith('account.db') && readFileSync(join(directory, file)).includes(text),
    )
  }

  beforeEach(() => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await daemon?.end()
    daemon = null
    await stack.stop()
  })

  // Baileys notes who has the account's sender key as soon as the frame has left; nobody has it when that one is lost.
  it('are answered readably when the message that brings the key is lost', async () => {
    await start()
    stack.simulator.faults.loseAcks('swallow', { times: 1 })
    const lost = stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in' || node.tag !== 'message' || node.attrs.to !== family.jid) return
      lost()
      void stack.accounts.reconnect('default')
    })
    const { text } = await stack.alice.sendGroupText(family, 'can you read me?', mention)
    for (const each of [ALICE, MALLORY, BERND]) {
      await answered(each, text)
      expect(stack.phone(each).undecryptable).toEqual([])
    }
  })

  it.each(['lid', 'pn'] as const)(
    'with %s addressing: a mention is answered in the group, with its message quoted',
    async (addressing) => {
      await start({}, addressing)
      const { id, text } = await stack.alice.sendGroupText(family, 'what time is it?', mention)
      for (const each of [ALICE, MALLORY, BERND]) {
        expect(await answered(each, text)).toMatchObject({
          from: OWNER,
          chat: family.jid,
          quote: { id, text },
        })
      }
      const [received] = stack.published('message.received')
      expect(received).toMatchObject({ conversation: family.jid, phoneNumber: ALICE, name: 'Alice' })
      await stack.alice.waitForReceipt(({ type, messageId }) => type === 'read' && messageId === id)
      expect(stack.alice.received.filter(({ chat }) => chat === OWNER)).toEqual([])
      expect(stack.alice.undecryptable).toEqual([])

      const first = stack.alice.received.find(({ from }) => from === OWNER)
      if (first === undefined) throw new Error('no answer')
      await stack.alice.sendGroupText(family, 'really?', { quote: first })
      await answered(BERND, 'really?')
    },
  )

  it('what mentions nobody is context: unanswered and unread', async () => {
    await start()
    const { id } = await stack.alice.sendGroupText(family, 'among ourselves')
    await stack.untilEvent('message.received', ({ messageId }) => messageId === id)
    const asked = await stack.alice.sendGroupText(family, 'and now you', mention)
    await answered(ALICE, asked.text)
    expect(answers(ALICE)).toEqual([asked.text])
    await stack.alice.waitForReceipt(({ type, messageId }) => type === 'read' && messageId === asked.id)
    expect(stack.alice.receipts.some((each) => each.type === 'read' && each.messageId === id)).toBe(false)
    expect(onDisk('among ourselves')).toBe(true)
  })

  it('needs no mention where the config says so', async () => {
    await start({ channel: { groups: { '*': { requireMention: false } } } })
    await stack.alice.sendGroupText(family, 'just so')
    await answered(BERND, 'just so')
    expect(answers(BERND)).toEqual(['just so'])
  })

  it('a list of the group alone says who is answered there, and a group that is switched off is not read', async () => {
    await start()
    const { jid } = family
    const applied = (): number => stack.published('config.applied').length
    const before = applied()
    stack.writeConfig([ALICE], { groups: { [jid]: { allowFrom: [BERND] } } })
    await stack.until('the list of the group', () => applied() === before + 1)
    await stack.alice.sendGroupText(family, 'words of somebody else', mention)
    const { text } = await stack.phone(BERND).sendGroupText(family, 'mine', mention)
    await answered(ALICE, text)
    stack.writeConfig([ALICE], { groups: { [jid]: { allowFrom: [BERND], enabled: false } } })
    await stack.until('the group that is switched off', () => applied() === before + 2)
    await stack.phone(BERND).sendGroupText(family, 'after it was switched off', mention)
    await stack.alice.sendText(OWNER, 'direct')
    await stack.alice.waitForText('direct')
    await stack.stopDaemon()
    expect(answers(ALICE)).toEqual([text])
    expect(onDisk('words of somebody else')).toBe(false)
    expect(onDisk('after it was switched off')).toBe(false)
  })

  it('nobody else is answered, and nothing of theirs is kept', async () => {
    await start()
    const { text } = await stack.mallory.sendGroupText(family, 'words that must not stay', mention)
    await stack.alice.sendGroupText(family, 'hello', mention)
    await stack.mallory.waitForText((message) => message.from === OWNER)
    await stack.stopDaemon()
    expect(answers(MALLORY)).not.toContain(text)
    expect(answers(MALLORY)).toHaveLength(1)
    expect(stack.mallory.receipts.some(({ type, from }) => type === 'read' && from === OWNER)).toBe(false)
    expect(onDisk('words that must not stay')).toBe(false)
    expect(stack.published('message.blocked')).toEqual([])
  })

  it('are not even read where they are disabled, or another is named', async () => {
    await start({ channel: { groupPolicy: 'disabled' } })
    await stack.alice.sendGroupText(family, 'one', mention)
    await stack.alice.sendText(OWNER, 'direct')
    await stack.alice.waitForText('direct')
    stack.writeConfig([ALICE], { groupPolicy: 'allowlist', groupAllowFrom: ['120363999999999999@g.us'] })
    await stack.untilEvent('config.applied', ({ changed }) => changed.some((path) => path.includes('group')))
    await stack.alice.sendGroupText(family, 'two', mention)
    await stack.alice.sendText(OWNER, 'direct again')
    await stack.alice.waitForText('direct again')
    stack.writeConfig([ALICE], { groupPolicy: 'allowlist', groupAllowFrom: [family.jid] })
    await stack.untilEvent('config.applied', () => stack.published('config.applied').length === 2)
    const { text } = await stack.alice.sendGroupText(family, 'three', mention)
    await answered(ALICE, text)
    expect(answers(ALICE)).toEqual([text])
  })

  it('an edit counts before the turn, a deletion takes the answer back, both by their author alone', async () => {
    await start({ channel: { debounceMs: 1_500, groups: { '*': { requireMention: false } } } })
    const helo = await stack.alice.sendGroupText(family, 'helo')
    await stack.alice.edit(helo, 'hello')
    const secret = await stack.alice.sendGroupText(family, 'a secret')
    await stack.alice.revoke(secret)
    await stack.mallory.edit(helo, 'forged')
    await stack.mallory.revoke(helo)
    await stack.untilEvent('message.revoked', ({ messageId }) => messageId === secret.id)
    await answered(ALICE, 'hello')
    expect(answers(ALICE)).toEqual(['hello'])
    await stack.stopDaemon()
    expect(onDisk('a secret')).toBe(false)
    expect(onDisk('forged')).toBe(false)
  })

  it('that the account has left gets no answer, and holds up nobody', async () => {
    await start({ channel: { debounceMs: 700 } })
    const { id } = await stack.alice.sendGroupText(family, 'are you there?', mention)
    await stack.untilEvent('message.received', ({ messageId }) => messageId === id)
    family.remove(stack.owner)
    await stack.alice.sendText(OWNER, 'direct')
    expect(await stack.untilEvent('message.failed')).toMatchObject({
      code: 'not_in_group',
      conversation: family.jid,
    })
    await stack.alice.waitForText('direct')
    expect(answers(ALICE)).toEqual([])
  })

  it('answers once, whatever is delivered again', async () => {
    await start()
    const { id, text } = await stack.alice.sendGroupText(family, 'only once', mention)
    await answered(ALICE, text)
    stack.owner.companions[0]?.redeliver(id)
    await stack.stopDaemon()
    stack.owner.companions[0]?.redeliver(id)
    await stack.startDaemon()
    await stack.untilState('connected')
    const next = await stack.alice.sendGroupText(family, 'and this', mention)
    await answered(ALICE, next.text)
    expect(answers(ALICE)).toEqual([text, next.text])
    expect(stack.alice.receipts.some(({ type }) => type === 'retry')).toBe(false)
  })

  it('sends again to a member who lost the key, also after a restart', async () => {
    await start()
    const first = await stack.alice.sendGroupText(family, 'before', mention)
    await answered(BERND, first.text)
    const [companion] = stack.owner.companions
    if (companion === undefined) throw new Error('not linked')
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    // The first message of a life brings the key to everybody.
    await answered(BERND, (await stack.alice.sendGroupText(family, 'back again', mention)).text)
    stack.phone(BERND).forgetSenderKeys(companion)
    const second = await stack.alice.sendGroupText(family, 'lost and found', mention)
    await stack.phone(BERND).waitForFailure(({ reason }) => reason === 'no sender key')
    expect((await answered(BERND, second.text)).quote).toMatchObject({ id: second.id })
  })

  it('writes under another key once somebody has left', async () => {
    await start()
    const handedOut: boolean[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in' || node.tag !== 'message' || !Array.isArray(node.content)) return
      handedOut.push(node.content.some(({ tag }) => tag === 'participants'))
    })
    for (const text of ['one', 'two', 'three']) {
      if (text === 'three') {
        family.remove(stack.mallory)
        await expect
          .poll(() => stack.mallory.received.some(({ text: seen }) => seen.includes('two')))
          .toBe(true)
      }
      const asked = await stack.alice.sendGroupText(family, text, mention)
      await answered(ALICE, asked.text)
    }
    expect(handedOut).toEqual([true, false, true])
    expect(answers(MALLORY)).toHaveLength(2)
    expect(stack.phone(BERND).undecryptable).toEqual([])
  })

  // A kill between the receipt and the answer must neither lose a question nor answer it twice; sender keys moved on
  // before the frames left.
  it('answers each question once and in order, over kills', async () => {
    await start()
    await stack.stopDaemon()
    const asked: string[] = []
    const run = (): CommandLine =>
      new CommandLine(['run', '--config', stack.configPath, '--state-dir', stack.stateDir, '--port', '0'])
    for (const round of [1, 2, 3]) {
      daemon = run()
      for (const number of [1, 2, 3, 4]) {
        asked.push((await stack.alice.sendGroupText(family, `question ${round}.${number}`, mention)).text)
      }
      // The others are still under way.
      const last = asked.at(round - 5) ?? ''
      await answered(ALICE, last, 30_000)
      daemon.signal('SIGKILL')
      await daemon.exit
    }
    daemon = run()
    await answered(ALICE, asked.at(-1) ?? '', 30_000)
    const seen = stack.alice.received.filter(
      ({ chat, from, duplicateOf }) => chat === family.jid && from === OWNER && duplicateOf === undefined,
    )
    expect(seen.map(({ text }) => text)).toEqual(asked)
    expect(stack.alice.undecryptable).toEqual([])
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

describe('edits, deletions and reactions in a direct chat', () => {
  let stack: Stack

  const start = async (channel: Record<string, unknown> = {}): Promise<void> => {
    stack = await Stack.start({ channel })
    await stack.link()
  }
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
    await stack.stop()
  })

  it('an edit is what is answered; a deletion leaves no answer and no text, whatever comes again', async () => {
    await start({ debounceMs: 1_000 })
    const helo = await stack.alice.sendText(OWNER, 'helo')
    const edit = await stack.alice.edit(helo, 'hello')
    const secret = await stack.alice.sendText(OWNER, 'a secret')
    await stack.alice.edit(secret, 'second wording')
    const revoke = await stack.alice.revoke(secret)
    await stack.untilEvent('message.revoked', ({ messageId }) => messageId === secret.id)
    await stack.alice.waitForText('hello')
    await stack.stopDaemon()
    // What an edit had made of it was left in the journal, under the edit's own id.
    expect(['a secret', 'second wording'].filter(onDisk)).toEqual([])
    for (const { id } of [secret, revoke, edit, helo]) stack.owner.companions[0]?.redeliver(id)
    await stack.startDaemon()
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'next')
    await stack.alice.waitForText('next')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['hello', 'next'])
    expect(stack.published('message.edited').filter(({ messageId }) => messageId === helo.id)).toHaveLength(1)
  })

  it("nobody else's claim changes anything, and a reaction is no question", async () => {
    await start({ debounceMs: 1_000 })
    stack.writeConfig([ALICE, stack.mallory.phoneNumber])
    await stack.untilEvent('config.applied')
    const hers = await stack.alice.sendText(OWNER, 'hers')
    await stack.untilEvent('message.received', ({ messageId }) => messageId === hers.id)
    const claim = { protocolMessage: { key: { id: hers.id, fromMe: true }, type: 0 } }
    await stack.mallory.sendMessage(OWNER, claim)
    await stack.mallory.sendText(OWNER, 'mine')
    await stack.mallory.waitForText('mine')
    const answer = await stack.alice.waitForText('hers')
    await stack.alice.react(answer, '👍')
    await stack.alice.sendText(OWNER, 'next')
    await stack.alice.waitForText('next')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['hers', 'next'])
    expect(stack.published('message.revoked')).toEqual([])
  })

  it('what the owner changes on the phone of what the assistant said is known here', async () => {
    await start()
    for (const text of ['one', 'two']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    const said = (text: string) =>
      stack.owner.waitForText((message) => message.viaOwnAccount && message.text === text)
    const [one, two] = [await said('one'), await said('two')]
    await stack.owner.edit(one, 'one, mended')
    await stack.owner.revoke(two)
    expect(await stack.untilEvent('message.edited')).toMatchObject({ messageId: one.id, conversation: ALICE })
    expect(await stack.untilEvent('message.revoked')).toMatchObject({
      messageId: two.id,
      conversation: ALICE,
    })
    await stack.stopDaemon()
    expect(onDisk('one, mended')).toBe(true)
  })
})

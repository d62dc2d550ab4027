import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { proto } from '@whiskeysockets/baileys'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** In groups a photo with a mention in its words, and a voice message that answered the assistant, got nothing at all. */
describe('what addresses the account', () => {
  let stack: Stack
  let family: SimulatedGroup

  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    stack = await Stack.start({ allowFrom: [ALICE] })
    family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory],
    })
    await stack.link()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
  })

  const answer = (text: string) =>
    stack.alice.waitForText((message) => message.text === text && message.from === OWNER)

  it('is heard in a group, whatever kind of message it is, and described', async () => {
    const owner = stack.owner
    const digits = owner.lid.split('@')[0] ?? ''
    const mention: proto.IContextInfo = { mentionedJid: [owner.lid] }
    const photo = { kind: 'image', data: Buffer.from('seven..') } as const
    await stack.alice.sendMedia(family, { ...photo, caption: 'for the others' })
    await stack.alice.sendMedia(family, { ...photo, caption: 'what is this?' }, { mention: OWNER })
    const first = await answer(`[photo]\n@${digits} what is this?\n(photo: image/jpeg, 7 bytes)`)
    expect(first.chat).toBe(family.jid)
    await stack.alice.sendMedia(family, { ...photo, kind: 'sticker' }, { quote: first })
    await answer('[sticker]\n(sticker: image/webp, 7 bytes)')
    await stack.alice.sendMessage(family, {
      pollCreationMessageV3: {
        name: 'Lunch?',
        options: [{ optionName: 'yes' }],
        contextInfo: mention,
      },
    })
    await answer('[poll] Lunch?\n- yes')
    expect(stack.alice.received.filter(({ from }) => from === OWNER)).toHaveLength(3)
  })

  it('is heard in a direct chat: a place, and a photo with words', async () => {
    await stack.alice.sendMessage(OWNER, {
      locationMessage: { name: 'Café', degreesLatitude: 52.5, degreesLongitude: 13.25 },
    })
    await answer('[location] Café, 52.5, 13.25')
    await stack.alice.sendMedia(OWNER, { kind: 'image', data: Buffer.from('seven..'), caption: 'look' })
    await answer('[photo]\nlook\n(photo: image/jpeg, 7 bytes)')
  })

  // WhatsApp has two names for what it keeps from linked devices; nothing at all was said of the second one.
  it.each<[string, proto.IMessage]>([
    ['photo', { viewOnceMessageV2: { message: { imageMessage: { viewOnce: true } } } }],
    ['voice message', { viewOnceMessageV2Extension: { message: { audioMessage: { viewOnce: true } } } }],
  ])(
    'is a %s that is shown once: what can be read is said, and it is marked as read',
    async (_what, message) => {
      const { id } = await stack.alice.sendMessage(OWNER, message)
      await answer('I cannot open view-once messages. Please send it again as a normal message.')
      await stack.alice.waitForReceipt(({ type, messageId }) => type === 'read' && messageId === id)
    },
  )
})

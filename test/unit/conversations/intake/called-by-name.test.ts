import { describe, expect, it } from 'vitest'
import type { MentionPatterns } from '../../../../src/config/model.ts'
import type { IncomingContent } from '../../../../src/messaging/content.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, Desk, group } from '../desk.ts'

const GROUP = '120363000000000001@g.us'
const OTHER = '120363000000000002@g.us'
const ADA: MentionPatterns = { patterns: ['Ada', '/^hey bot/i'], mode: 'allow', allowIn: [], denyIn: [] }

const photo = (caption: string): IncomingContent => ({
  kind: 'message',
  parts: [
    { kind: 'attachment', text: '[photo]' },
    { kind: 'text', text: caption },
  ],
  quoted: null,
})

/** What is answered in a group of these messages, each of them without a mention. */
async function answered(
  mentionPatterns: MentionPatterns,
  messages: readonly (string | IncomingContent)[],
  address = GROUP,
): Promise<string[]> {
  const desk = new Desk({ mentionPatterns })
  desk.conversations.start()
  const inGroup = { chat: group(address) }
  for (const message of messages)
    if (typeof message === 'string') desk.receive(ALICE, message, inGroup)
    else desk.receive(ALICE, '', { ...inGroup, content: message })
  desk.receive(ALICE, 'the end', { ...inGroup, mentionsUs: true })
  await desk.until(() => desk.transport.texts().includes('the end'))
  return desk.transport.texts().slice(0, -1)
}

describe('whoever calls the assistant by its name in a group', () => {
  it('is answered, also in the caption of a file', async () => {
    const file = (name: string): IncomingContent => ({
      kind: 'message',
      parts: [{ kind: 'attachment', text: `[document "${name}"]` }],
      quoted: null,
    })
    expect(
      await answered(ADA, [
        'Adam?',
        'ada, what is new?',
        'HEY BOT',
        photo('what is this, Ada?'),
        photo('look'),
        file('Ada.pdf'),
      ]),
    ).toEqual(['ada, what is new?', 'HEY BOT', '[photo]\nwhat is this, Ada?'])
  })

  it('is answered where the patterns count', async () => {
    const ask = (places: Partial<MentionPatterns>, address: string) =>
      answered({ ...ADA, ...places }, ['Ada?'], address)
    expect(await ask({ denyIn: [OTHER] }, OTHER)).toEqual([])
    expect(await ask({ denyIn: [OTHER] }, GROUP)).toEqual(['Ada?'])
    expect(await ask({ mode: 'deny', allowIn: [GROUP] }, GROUP)).toEqual(['Ada?'])
    expect(await ask({ mode: 'deny', allowIn: [GROUP] }, OTHER)).toEqual([])
    expect(await ask({ mode: 'deny', allowIn: [GROUP], denyIn: [GROUP] }, GROUP)).toEqual([])
  })

  it('is held until it is known who they are', () => {
    const desk = new Desk({ mentionPatterns: ADA })
    const say = (text: string) =>
      desk.conversations.received(
        desk.message(ALICE, text, { chat: group(GROUP), sender: identity('1@lid', null) }),
      )
    expect([say('among us'), say('Ada?')]).toEqual(['blocked', 'held'])
  })
})

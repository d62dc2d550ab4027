/** Somebody asks to be forgotten: no byte of what they said may stay in the account's directory, and they may write again. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Agent, Turn } from '../../../../src/agents/agent.ts'
import type { ContentPart, IncomingContent } from '../../../../src/messaging/content.ts'
import { rawWords } from '../../../support/raw-search.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, BOB, Desk, direct, group, STRANGER } from '../desk.ts'

const GROUP = group('120363000000000001@g.us')
const ALICE_LID = '700100200@lid'
const IN_GROUP = {
  groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: {} },
} as const

/** Repeats what it is asked, as many assistants do; keeps the turns. */
function repeating(turns: Turn[] = []): Agent {
  return {
    async *reply(turn) {
      turns.push(turn)
      yield { type: 'delta', text: `You said ${turn.messages.map(({ text }) => text).join(' ')}` }
    },
  }
}

function file(text: string, source: string, name: string): IncomingContent {
  const parts: ContentPart[] = [
    {
      kind: 'attachment',
      text: `[document: ${name}] ${text}`,
      file: { kind: 'document', what: 'document', name, mimeType: 'text/plain', size: null },
      media: { source },
    },
  ]
  return { kind: 'message', parts, quoted: null }
}

async function answered(desk: Desk, count: number): Promise<void> {
  await desk.until(() => desk.named('agent.turnFinished').length >= count)
  await desk.until(() => desk.named('message.sent').length >= count)
}

describe('forgetting', () => {
  it('leaves no byte of what somebody said, and everything of the others', async () => {
    const desk = new Desk(IN_GROUP)
    desk.agent = repeating()
    desk.transport.files.set('far-away', Buffer.from('contentword of the file'))
    desk.conversations.start()
    const first = desk.receive(ALICE, 'pelikanword')
    desk.receive(ALICE, '', {
      content: {
        kind: 'edit',
        targetId: first.id,
        parts: [{ kind: 'text', text: 'editedword Übergangsjacke' }],
      },
    })
    desk.receive(ALICE, '', { content: file('captionword', 'far-away', 'filenameword.txt') })
    const inGroup = desk.receive(ALICE, 'groupword', { chat: GROUP, mentionsUs: true })
    desk.receive(BOB, 'bobsword', {
      chat: GROUP,
      mentionsUs: true,
      content: {
        kind: 'message',
        parts: [{ kind: 'text', text: 'bobsword' }],
        quoted: { id: inGroup.id, text: 'groupword', what: null, author: ALICE },
      },
    })
    desk.receive(BOB, 'privateword', {
      content: {
        kind: 'message',
        parts: [{ kind: 'text', text: 'privateword' }],
        quoted: { id: 'ELSEWHERE', text: 'quotedelsewhere', what: null, author: ALICE },
      },
    })
    desk.receive(ALICE, '', {
      chat: GROUP,
      content: { kind: 'reaction', targetId: 'NONE', emoji: '🦩' },
    })
    await answered(desk, 5)
    desk.database.truncateLog()
    const words = [
      'pelikanword',
      'editedword',
      'Übergangsjacke',
      'captionword',
      'filenameword',
      'contentword',
    ]
    words.push('groupword', 'quotedelsewhere', '🦩')
    const directory = dirname(desk.path)
    // All but the first wording, which the edit has overwritten, is there before.
    for (const word of words.slice(1)) expect(rawWords(directory, [word])).not.toEqual([])

    const summary = await desk.conversations.people.forget(ALICE, true)

    expect(summary).toMatchObject({ files: 1, groups: 1, copies: [] })
    expect(rawWords(directory, words)).toEqual([])
    expect(rawWords(directory, ['bobsword'])).not.toEqual([])
    expect(rawWords(directory, ['privateword'])).not.toEqual([])
    expect(desk.erasedEvents.flat()).toContain(ALICE)
    expect(desk.transport.forgotten[0]?.addresses).toContain(ALICE)
  })

  it('counts and names what it would erase before anybody agrees', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await answered(desk, 1)
    writeFileSync(`${desk.path}.v28.bak`, 'oldcopyword')
    await expect(desk.conversations.people.forget(ALICE, false)).resolves.toEqual({
      messages: 2,
      files: 0,
      groups: 0,
      copies: ['account.db.v28.bak'],
    })
    expect(existsSync(`${desk.path}.v28.bak`)).toBe(true)
    await desk.conversations.people.forget(ALICE, true)
    expect(rawWords(dirname(desk.path), ['oldcopyword'])).toEqual([])
  })

  it('lets them write again, in a session that no agent knows', async () => {
    const turns: Turn[] = []
    const desk = new Desk()
    desk.agent = repeating(turns)
    desk.conversations.start()
    desk.receive(ALICE, 'before')
    await answered(desk, 1)
    await desk.conversations.people.forget(ALICE, true)
    desk.receive(ALICE, 'after')
    await answered(desk, 2)
    expect(desk.transport.texts().at(-1)).toBe('You said after')
    expect(turns[1]?.history).toEqual([])
    expect(turns[1]?.sessionId).not.toBe(turns[0]?.sessionId)
    expect(turns[1]?.conversationId).not.toBe(turns[0]?.conversationId)
    // Not even that they were here before can be seen.
    expect(desk.database.prepare('SELECT name FROM conversations').all()).toEqual([{ name: ALICE }])
    await desk.conversations.people.forget(ALICE, true)
    desk.receive(ALICE, 'once more')
    await answered(desk, 3)
    expect(new Set(turns.map(({ sessionId }) => sessionId)).size).toBe(3)
  })

  it('leaves the assistant silent where it is off or a person holds the chat, in a new session', async () => {
    for (const silence of ['off', 'held'] as const) {
      const turns: Turn[] = []
      const desk = new Desk()
      desk.agent = repeating(turns)
      desk.conversations.start()
      desk.receive(ALICE, 'secretword')
      await answered(desk, 1)
      const { takeover, people } = desk.conversations
      if (silence === 'off') takeover.setAssistant(ALICE, false, 'owner')
      else takeover.takeOver(ALICE, 'dashboard')
      await people.forget(ALICE, true)
      expect(rawWords(dirname(desk.path), ['secretword'])).toEqual([])
      desk.receive(ALICE, 'afterwards')
      await desk.settle()
      expect(turns).toHaveLength(1)
      if (silence === 'off') takeover.setAssistant(ALICE, true, 'owner')
      else takeover.resume(ALICE, 'owner')
      desk.receive(ALICE, 'once more')
      await desk.until(() => turns.length === 2)
      expect(turns[1]?.sessionId).not.toBe(turns[0]?.sessionId)
    }
  })

  it('ends the turn under way, and what was queued does not go out', async () => {
    const desk = new Desk()
    let ended: unknown = null
    desk.agent = {
      // eslint-disable-next-line require-yield
      async *reply(_turn, signal) {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended = signal.reason
            reject(signal.reason as Error)
          })
        })
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'a question')
    desk.receive(ALICE, 'and one behind it')
    await desk.until(() => desk.named('agent.turnStarted').length === 1)
    await desk.conversations.people.forget(ALICE, true)
    await desk.until(() => ended !== null)
    await desk.settle()
    expect(desk.transport.texts()).toEqual([])
    expect(rawWords(dirname(desk.path), ['and one behind it'])).toEqual([])
  })

  it('answers the others of a turn that somebody shared', async () => {
    const desk = new Desk({ ...IN_GROUP, debounceMs: 30 })
    const turns: Turn[] = []
    desk.agent = repeating(turns)
    desk.conversations.start()
    desk.setReady(false)
    desk.receive(ALICE, 'alicesword', { chat: GROUP, mentionsUs: true })
    desk.receive(BOB, 'bobsword', { chat: GROUP, mentionsUs: true })
    await desk.conversations.people.forget(ALICE, true)
    desk.setReady(true)
    await desk.until(() => desk.transport.texts().length === 1)
    expect(desk.transport.texts()).toEqual(['You said bobsword'])
  })

  it('finds somebody by number who wrote by an id before, and by that id', async () => {
    for (const target of [ALICE, 'lid:700100200', ALICE_LID]) {
      const desk = new Desk({ access: { dmPolicy: 'open', allowFrom: ['*'] } } as never)
      desk.conversations.start()
      desk.receive(ALICE, 'hiddenword', {
        chat: direct(ALICE_LID),
        sender: identity(ALICE_LID, null),
      })
      await answered(desk, 1)
      const known = identity(ALICE_LID, ALICE, { lid: { value: '700100200', proof: 'address' } })
      for (const name of [ALICE, ALICE_LID]) desk.transport.numbers.set(name, known)
      desk.receive(ALICE, 'numberword', { chat: direct(ALICE_LID), sender: known })
      await answered(desk, 2)
      await desk.conversations.people.forget(target, true)
      expect(rawWords(dirname(desk.path), ['hiddenword', 'numberword'])).toEqual([])
    }
  })

  it('forgets a whole group by its address, and nobody who is in it', async () => {
    const desk = new Desk(IN_GROUP)
    desk.conversations.start()
    desk.receive(ALICE, 'directword')
    desk.receive(ALICE, 'groupword', { chat: GROUP, mentionsUs: true })
    await answered(desk, 2)
    await desk.conversations.people.forget(GROUP.address, true)
    expect(rawWords(dirname(desk.path), ['groupword'])).toEqual([])
    expect(rawWords(dirname(desk.path), ['directword'])).not.toEqual([])
  })

  it('erases words that only others quote, choices, and what the transport alone keeps', async () => {
    const desk = new Desk(IN_GROUP)
    desk.conversations.start()
    desk.receive(BOB, 'bobsword', {
      content: {
        kind: 'message',
        parts: [{ kind: 'text', text: 'bobsword' }],
        quoted: { id: 'ELSEWHERE', text: 'quotedword', what: null, author: ALICE },
      },
    })
    await answered(desk, 1)
    const { people } = desk.conversations
    await expect(people.forget(ALICE, false)).resolves.toMatchObject({ messages: 0 })
    await people.forget(ALICE, true)
    expect(rawWords(dirname(desk.path), ['quotedword'])).toEqual([])
    await expect(people.forget(ALICE, true)).rejects.toMatchObject({ code: 'conversation_not_found' })

    for (const sql of [
      'INSERT INTO chosen_agents (conversation, person, agent, last_at) VALUES (1, ?, ?, 1)',
      'INSERT INTO chosen_models (conversation, person, agent, model, last_at) VALUES (1, ?, ?, ?, 1)',
    ]) {
      desk.database.prepare(sql).run(STRANGER, 'other', ...(sql.includes('models') ? ['choiceword'] : []))
      await people.forget(STRANGER, true)
      await expect(people.forget(STRANGER, true)).rejects.toMatchObject({ code: 'conversation_not_found' })
    }

    desk.transport.keptWordsOf.add(STRANGER)
    await people.forget(STRANGER, true)
    expect(desk.transport.keptWordsOf.size).toBe(0)
  })

  it('says so where nothing is known of somebody', async () => {
    const desk = new Desk()
    desk.conversations.start()
    await expect(desk.conversations.people.forget(STRANGER, true)).rejects.toMatchObject({
      code: 'conversation_not_found',
    })
    await expect(desk.conversations.people.forget('7', true)).rejects.toMatchObject({
      code: 'conversation_not_found',
    })
  })

  it('finishes with the next start what a crash interrupted', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, '', { content: file('captionword', 'none', 'a.txt') })
    await answered(desk, 1)
    const media = join(dirname(desk.path), 'media')
    const files = (): string[] => readdirSync(media).filter((name) => !name.startsWith('.'))
    writeFileSync(join(media, 'a'.repeat(32)), 'halfwrittenword')
    // The process dies behind the commit of the rows, before anything else.
    desk.erasing = () => {
      throw new Error('the process is gone')
    }
    await expect(desk.conversations.people.forget(ALICE, true)).rejects.toThrow('gone')
    desk.erasing = null
    writeFileSync(`${desk.path}.replaced`, 'oldcopyword')
    desk.crash()
    desk.conversations.start()
    await desk.until(() => desk.erasedEvents.length === 1)
    await desk.until(() => !existsSync(`${desk.path}.replaced`))
    await expect
      .poll(() => rawWords(dirname(desk.path), ['captionword', 'oldcopyword', 'halfwrittenword', ALICE]))
      .toEqual([])
    expect(files()).toEqual([])
  })
})

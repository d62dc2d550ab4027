import { expect, it } from 'vitest'
import type { HistoryMessage, Turn } from '../../../../../src/agents/agent.ts'
import { toChatMessages } from '../../../../../src/agents/connectors/openai-chat/chat-messages.ts'
import { turnMessageOf, turnOf } from '../../../../support/turn-of.ts'
import { echoAgent } from '../../../../../src/agents/connectors/echo/echo.ts'

const at = new Date(0)

function turn(history: HistoryMessage[], messages: Partial<Turn['messages'][number]>[]): Turn {
  return turnOf({ messages: messages.map(turnMessageOf), history })
}

it('joins what one side said in a row and lets the user begin', () => {
  const messages = toChatMessages(
    turn(
      [
        { from: 'assistant', text: 'cut off history', at },
        { from: 'person', text: 'one', at },
        { from: 'person', text: 'two', at },
        { from: 'assistant', text: 'three', at },
        { from: 'assistant', text: 'four', at },
      ],
      [{ text: 'five' }, { text: 'six' }],
    ),
    null,
  )
  expect(messages).toEqual([
    { role: 'user', content: 'one\n\ntwo' },
    { role: 'assistant', content: 'three\n\nfour' },
    { role: 'user', content: 'five\n\nsix' },
  ])
})

it('shows what was quoted', () => {
  const messages = toChatMessages(
    turn([], [{ text: 'why?', quoted: { id: 'Q', text: 'a\nb', what: null, from: 'person' } }]),
    'system',
  )
  expect(messages).toEqual([
    { role: 'system', content: 'system' },
    { role: 'user', content: '> a\n> b\n\nwhy?' },
  ])
})

it('echoes what was said', async () => {
  let text = ''
  for await (const part of echoAgent.reply(
    turn([], [{ text: 'a' }, { text: 'b' }]),
    new AbortController().signal,
  )) {
    text += part.text
  }
  expect(text).toBe('a\nb')
})

it('names people in a group, and tells what became of what they said', () => {
  const alice = { phoneNumber: '+15550001111', name: 'Alice' }
  const messages = toChatMessages(
    {
      ...turn(
        [
          { from: 'person', text: 'lunch?', at, sender: alice, edited: true },
          {
            from: 'person',
            text: '',
            at,
            sender: { phoneNumber: '+15550002222', name: null },
            revoked: true,
          },
          { from: 'assistant', text: 'at noon', at, reactions: ['👍', '🎉'] },
        ],
        [{ text: 'where?' }],
      ),
      isGroup: true,
      sender: { ...alice, id: null, isOwner: false },
    },
    null,
  )
  expect(messages).toEqual([
    { role: 'user', content: 'Alice: lunch?\n\n+15550002222: [deleted]' },
    { role: 'assistant', content: 'at noon\n[reactions: 👍 🎉]' },
    { role: 'user', content: 'Alice: where?' },
  ])
})

// Without a mark the model took the owner's words for its own; an opening by the owner was cut off with the rest.
it('marks what the owner wrote by hand, and keeps it where the owner wrote first', () => {
  const opened = turn(
    [
      { from: 'assistant', text: 'cut off history', at },
      { from: 'owner', text: 'I am the plumber', at },
      { from: 'person', text: 'when?', at },
      { from: 'assistant', text: 'I cannot say', at },
      { from: 'owner', text: 'at nine', at, edited: true },
    ],
    [{ text: 'thanks' }],
  )
  const mark = "[The account's owner wrote this by hand:]"
  expect(toChatMessages(opened, null)).toEqual([
    { role: 'user', content: `${mark}\nI am the plumber\n\nwhen?` },
    { role: 'assistant', content: `I cannot say\n\n${mark}\nat nine` },
    { role: 'user', content: 'thanks' },
  ])
})

import { expect, test } from 'vitest'
import type { EventMeta } from '../../../../../src/client/client-events.ts'
import { LiveConversations } from '../../../../../src/web/conversations/state/live-conversations.ts'
import type { ConversationsClient } from '../../../../../src/web/conversations/state/live-conversations.ts'
import { at, conversation } from '../conversation-fixture.ts'
import { ScriptedRequests } from '../scripted-requests.ts'

/** The conversations 1 and 2 of an account, and the events that a test lets the daemon send. */
async function start() {
  const requests = new ScriptedRequests()
  const views = [conversation(1, 2), conversation(2, 1)]
  requests.answers['conversations.list'] = () => ({ conversations: views, cursor: null })
  requests.answers['conversations.get'] = ({ conversation: id }) => ({
    conversation: views.find(({ conversationId }) => conversationId === id),
  })
  requests.answers['conversations.messages'] = () => ({ messages: [], before: null, after: null })
  requests.answers['conversations.contactFields'] = () => ({ fields: [] })
  const listeners = new Map<string, (payload: object, meta: EventMeta) => void>()
  const client = {
    request: requests.client.request,
    can: () => true,
    on: (event: string, listener: (payload: object, meta: EventMeta) => void) => {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    // The listeners are typed by event there; a test sends what the daemon would.
  } as unknown as ConversationsClient
  const told: string[] = []
  const conversations = new LiveConversations({
    redraw: () => {},
    received: () => {},
    merged: (formerId, id) => told.push(`${formerId} is ${id}`),
    gone: (id) => told.push(`${id} is gone`),
  })
  const send = (event: string, payload: object): void =>
    listeners.get(event)?.({ account: 'default', ...payload }, { eventId: 1, at: at(3), replayed: false })
  conversations.attach(client, { url: 'ws://daemon.example/v1/ws', token: 'token' })
  conversations.show('default')
  await expect.poll(() => conversations.shown?.list.rows.length).toBe(2)
  return { conversations, requests, views, send, told }
}

test('an open conversation that turns out to be another one goes on there', async () => {
  const { conversations, send, told } = await start()
  conversations.open('1')
  conversations.shown?.outgoing.send('1', 'Hello', [], null)
  send('conversation.updated', { conversationId: '2', formerId: '1', view: conversation(2, 5) })
  expect(conversations.thread?.conversation).toBe('2')
  expect(conversations.shown?.list.rows.map(({ conversationId }) => conversationId)).toEqual(['2'])
  expect(conversations.shown?.outgoing.of('2').map(({ text }) => text)).toEqual(['Hello'])
  expect(told).toEqual(['1 is 2'])
})

test('an older id opens the conversation that it is now', async () => {
  const { conversations, requests, views } = await start()
  requests.answers['conversations.get'] = () => ({ conversation: views[1] })
  conversations.open('7')
  await expect.poll(() => conversations.thread?.conversation).toBe('2')
  expect(conversations.opened?.conversationId).toBe('2')
})

test('nothing of a person who was forgotten stays', async () => {
  const { conversations, views, send, told } = await start()
  conversations.open('1')
  conversations.shown?.outgoing.send('1', 'Hello', [], null)
  views.shift()
  send('conversation.forgotten', { conversationId: '1' })
  expect(conversations.thread).toBe(null)
  expect(conversations.shown?.list.get('1')).toBe(undefined)
  expect(conversations.shown?.outgoing.of('1')).toEqual([])
  expect(told).toEqual(['1 is gone'])
})

test('somebody else who is forgotten closes no conversation', async () => {
  const { conversations, send } = await start()
  conversations.open('2')
  send('conversation.forgotten', { conversationId: '1' })
  expect(conversations.thread?.conversation).toBe('2')
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import type { ConversationView } from '../../src/protocol/conversations/conversation-view.ts'
import type { Scope } from '../../src/protocol/tokens/scopes.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const SECRET_WORDS = 'the words that only some may see'

/** What dashboards see of conversations: by scope, live, after coming back, and as the owner reads on the phone. */
describe('reading', () => {
  let stack: Stack

  beforeEach(async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    await stack.link()
  })
  afterEach(() => stack.stop())

  const subscriber = async (scopes: Scope[], since?: number): Promise<WireClient> => {
    const localToken = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    const token = await issueOwnToken(localToken, { scopes, lifetimeSeconds: 60, subject: 'x' }, new Date())
    const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
    await client.hello()
    await client.request('session.authenticate', { token })
    await client.request('session.subscribe', since === undefined ? {} : { since })
    return client
  }

  it('shows texts to scope conversations alone, live and after coming back, and never stores them with events', async () => {
    const reader = await subscriber(['read'])
    const dashboard = await subscriber(['read', 'conversations'])
    await stack.alice.sendText(OWNER, SECRET_WORDS)
    await stack.alice.waitForText(({ text }) => text.includes(SECRET_WORDS))
    const updated = await dashboard.event('conversation.updated')
    expect(updated.params).toMatchObject({ view: { phoneNumber: ALICE, unread: 1 } })
    expect((await dashboard.event('message.received')).params).toMatchObject({
      message: { from: 'person', text: SECRET_WORDS, state: 'received' },
    })
    await reader.event('conversation.updated')
    const late = await subscriber(['read', 'conversations'], 0)
    expect((await late.event('message.received')).params).toMatchObject({ message: { text: SECRET_WORDS } })
    expect(JSON.stringify(reader.frames)).not.toContain(SECRET_WORDS)
    expect((await reader.call('conversations.list')).error?.data.code).toBe('forbidden')
    const files = readdirSync(stack.stateDir).filter((name) => name.startsWith('daemon.db'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files)
      expect(readFileSync(join(stack.stateDir, name)).includes(SECRET_WORDS)).toBe(false)
  })

  it('counts as read what the owner reads on the phone, and tells so', async () => {
    const client = await stack.client()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText(({ text }) => text.includes('hello'))
    const unread = async (): Promise<ConversationView> =>
      (await client.request('conversations.get', { conversation: ALICE })).conversation
    expect((await unread()).unread).toBe(1)
    const seen = stack.owner.received.find(({ text }) => text === 'hello')
    if (seen === undefined) throw new Error('the owner has no such message')
    await stack.owner.markRead(seen)
    await expect.poll(async () => (await unread()).unread).toBe(0)
    client.close()
  })

  it('lets a client mark as read, which the person sees', async () => {
    const client = await stack.client()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText(({ text }) => text.includes('hello'))
    const { messages } = await client.request('conversations.messages', { conversation: ALICE })
    expect(messages.map(({ from }) => from)).toEqual(['person', 'assistant'])
    const { unread } = await client.request('conversations.markRead', {
      conversation: ALICE,
      until: messages[0]?.messageId ?? '',
    })
    expect(unread).toBe(0)
    client.close()
  })
})

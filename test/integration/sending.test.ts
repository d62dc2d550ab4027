import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import type { Scope } from '../../src/protocol/tokens/scopes.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

/** The smallest picture of that kind. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

let stack: Stack
afterEach(() => stack.stop())

const start = async (channel: Record<string, unknown> = {}, options = {}): Promise<void> => {
  stack = await Stack.start({ channel, ...options })
  await stack.link()
}

const localToken = (): string => readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
const tokenWith = (...scopes: Scope[]): Promise<string> =>
  issueOwnToken(localToken(), { scopes, lifetimeSeconds: 600, subject: 'script' }, new Date())

async function call(
  path: string,
  body?: unknown,
  { token = localToken(), headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const isFile = body instanceof Buffer
  const response = await fetch(`${stack.url}/v1/accounts/default/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body: isFile ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

describe('a script that sends over HTTP', () => {
  it('reaches the phone once, and reads what became of it; without a connection it is told to come again', async () => {
    stack = await Stack.start()
    const unlinked = await call('messages', { to: ALICE, text: 'too early' })
    expect([unlinked.status, unlinked.headers.get('retry-after'), unlinked.body]).toMatchObject([
      409,
      '5',
      { error: { code: 'not_connected' } },
    ])
    await stack.link()
    const request = { to: ALICE, text: 'Your order is *ready*.', clientMessageId: 'order-1' }
    const first = await call('messages', request)
    expect([first.status, first.body.state, first.body.warning]).toEqual([201, 'queued', expect.any(Object)])
    await stack.alice.waitForText('Your order is *ready*.')
    expect((await call('messages', request)).status).toBe(200)
    const messageId = String(first.body.messageId)
    await stack.untilEvent('message.delivered', (event) => event.messageId === messageId)
    expect((await call(`messages/${messageId}`)).body).toMatchObject({
      state: 'delivered',
      clientMessageId: 'order-1',
    })
    expect(stack.alice.received.filter(({ from }) => from === OWNER)).toHaveLength(1)

    await call('messages', { to: ALICE, location: { latitude: 48.2, longitude: 16.4, name: 'Vienna' } })
    const people = [
      { name: 'Ann', phoneNumbers: ['+15550000008'] },
      { name: 'Bob', phoneNumbers: ['+15550000009'] },
    ]
    await call('messages', { to: ALICE, contacts: people })
    await stack.alice.waitForText(({ card }) => card?.kind === 'location' && card.name === 'Vienna')
    await stack.alice.waitForText(({ card }) => card?.kind === 'contacts' && card.people.length === 2)

    expect((await call('messages', { ...request, text: 'another' })).body).toMatchObject({
      error: { code: 'client_message_id_reused', details: { messageId } },
    })
    expect((await call('messages/none')).status).toBe(404)
    const stranger = await call('messages', { to: MALLORY, text: 'hi' })
    expect([stranger.status, stranger.body]).toMatchObject([
      403,
      { error: { code: 'recipient_not_allowed' } },
    ])
    expect(stack.shownTo(MALLORY)).toEqual([])
  })

  it('sends a file that it has uploaded, and reads it and parts of it back', async () => {
    await start()
    const uploaded = await call('media?name=dot.png', PNG, { headers: { 'content-type': 'image/png' } })
    expect([uploaded.status, uploaded.body]).toMatchObject([201, { size: PNG.length, mimeType: 'image/png' }])
    const { mediaId } = uploaded.body as { mediaId: string }
    const sent = await call('messages', { to: ALICE, media: { mediaId, kind: 'image', caption: 'a dot' } })
    expect(sent.status).toBe(201)
    const shown = await stack.alice.waitForText('a dot')
    expect(shown.media).toMatchObject({ kind: 'image', size: PNG.length, problem: null })
    const url = `${stack.url}/v1/accounts/default/media/${mediaId}`
    const authorization = `Bearer ${localToken()}`
    const part = await fetch(url, { headers: { authorization, range: 'bytes=1-3' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 1-3/${PNG.length}`,
      'PNG',
    ])
  })
})

describe('messages.edit, messages.revoke and messages.react', () => {
  it('change what the phone shows', async () => {
    await start()
    const client = await stack.client()
    const { messageId } = await client.request('messages.send', { to: ALICE, text: 'at three' })
    await stack.alice.waitForText('at three')
    await client.request('messages.edit', { messageId, text: 'at four' })
    const edited = await stack.alice.waitForText(
      ({ edit }) => edit?.id === messageId && edit.text === 'at four',
    )
    expect(edited.stanza.attrs.edit).toBe('1')
    await client.request('messages.revoke', { messageId })
    await stack.alice.waitForText(({ revoke }) => revoke?.id === messageId && revoke.isOwn)
    const { id } = await stack.alice.sendText(OWNER, 'thank you')
    await stack.untilEvent('message.received', (event) => event.messageId === id)
    await client.request('messages.react', { conversation: ALICE, messageId: id, emoji: '👍' })
    await stack.alice.waitForText(({ reaction }) => reaction?.id === id && reaction.emoji === '👍')
    client.close()
  })
})

describe('people who are not allowed', () => {
  it('are written to with a token that was made for it, and the setting', async () => {
    await start({ sendToAnyone: true })
    const request = { to: MALLORY, text: 'Good morning', force: true }
    for (const token of [localToken(), await tokenWith('send'), await tokenWith('send', 'conversations')])
      expect((await call('messages', request, { token })).body).toMatchObject({
        error: { code: 'forbidden', details: { scope: 'send:any' } },
      })
    expect((await call('messages', request, { token: await tokenWith('send', 'send:any') })).status).toBe(201)
    await stack.mallory.waitForText('Good morning')
  })
})

describe('a number that nobody has written to', () => {
  it('is the person whom WhatsApp knows by its other form, or nobody', async () => {
    const [registered, written] = ['+556187654321', '+55 61 98765-4321']
    await start(
      {},
      {
        allowFrom: [written, '+491701234567'],
        prepare: ({ simulator }: Stack) => simulator.createPhone({ phoneNumber: registered, name: 'Bia' }),
      },
    )
    const sent = await call('messages', { to: written, text: 'olá' })
    expect(sent.body).toMatchObject({ conversation: registered })
    await stack.phone(registered).waitForText('olá')
    const nobody = await call('messages', { to: '+491701234567', text: 'hallo' })
    expect([nobody.status, nobody.body]).toMatchObject([422, { error: { code: 'not_on_whatsapp' } }])
  })
})

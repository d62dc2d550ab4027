import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OutboxEntry } from '../../src/protocol/outbox-entry.ts'
import { configView, connectedAccount } from './account-fixture.ts'
import { conversation } from '../unit/web/conversations/conversation-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const ALICE = '+15555550101'
const MALLORY = '+15555550166'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

function failedReply(messageId: string, text: string): OutboxEntry {
  return {
    messageId,
    conversation: ALICE,
    kind: 'reply',
    text,
    state: 'failed',
    queuedAt: '2026-03-03T12:00:00.000Z',
    attempts: 3,
    waitsFor: null,
    failure: { code: 'refused', message: 'WhatsApp refused the message.', at: '2026-03-03T12:05:00.000Z' },
  }
}

/** A page whose account has these replies in its outbox; what the page does to them counts. */
async function openWithFailures(failed: OutboxEntry[]) {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon } = scripted
  const senders = { [ALICE]: { agent: null, name: 'Alice' } }
  const accountNow = () => ({ ...connectedAccount(), failedMessages: failed.length })
  scripted.show({ accounts: [accountNow()], config: configView({ senders }) })
  daemon.handlers['outbox.list'] = () => ({
    messages: failed.slice(0, 20),
    more: false,
    queued: 0,
    failed: failed.length,
    pacedUntil: null,
  })
  const settle = (messageId: string): OutboxEntry => {
    const [entry] = failed.splice(
      failed.findIndex((each) => each.messageId === messageId),
      1,
    )
    if (entry === undefined) throw new Error('no such reply')
    daemon.publish('account.status', accountNow())
    return entry
  }
  daemon.handlers['outbox.retry'] = ({ messageId }) => ({
    message: { ...settle(messageId), state: 'queued', failure: null, waitsFor: 'connection' },
  })
  daemon.handlers['outbox.discard'] = ({ messageId }) => ({ messageId: settle(messageId).messageId })
  return scripted
}

/** The story: a reply that failed for good was to be seen on the command line alone. */
test('replies that failed are shown with their person, and sent again or discarded', async () => {
  const failed = ['Here is the plan.', 'See you then.', 'Third.', 'Fourth.']
  const scripted = await openWithFailures(failed.map((text, index) => failedReply(`3EB0${index}`, text)))
  const { page, daemon } = scripted
  await scripted.open()
  const region = page.getByRole('region', { name: 'Replies that were not sent' })
  await region.getByText('Here is the plan.').waitFor()
  await page.getByRole('heading', { name: 'Replies that were not sent 4' }).waitFor()
  await region.getByText('and 1 more').waitFor()
  expect(await region.getByText('Alice').count()).toBe(3)
  await region.getByRole('button', { name: 'Retry the reply to Alice (+15555550101)' }).first().click()
  await region.getByText('Here is the plan.').waitFor({ state: 'detached' })
  await region.getByText('Fourth.').waitFor()
  await region.getByRole('button', { name: 'Discard the reply to Alice (+15555550101)' }).first().click()
  await region.getByText('The reply is never sent, and its text is erased.').waitFor()
  await region.getByRole('button', { name: 'Yes, discard' }).click()
  await region.getByText('See you then.').waitFor({ state: 'detached' })
  const asked = daemon.requests.filter(({ method }) => /^outbox\.(retry|discard)$/.test(method))
  expect(asked).toEqual([
    { method: 'outbox.retry', params: { account: 'default', messageId: '3EB00' } },
    { method: 'outbox.discard', params: { account: 'default', messageId: '3EB01' } },
  ])
  expect(scripted.complaints).toEqual([])
})

test('a token that may not read messages sees how many replies failed', async () => {
  const scripted = await openWithFailures([failedReply('3EB00', 'Here is the plan.')])
  const { page, daemon } = scripted
  daemon.methods = ['session.ping', 'accounts.list', 'config.get']
  await scripted.open()
  const region = page.getByRole('region', { name: 'Replies that were not sent 1' })
  await region.getByText('They wait until somebody sends them again or discards them.').waitFor()
  expect(await region.getByRole('button').count()).toBe(0)
  expect(daemon.requests.some(({ method }) => method === 'outbox.list')).toBe(false)
})

test('what waits for a person comes directly below the status', async () => {
  const scripted = await openWithFailures([failedReply('3EB00', 'Here is the plan.')])
  const { page, daemon } = scripted
  await scripted.open()
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at: new Date().toISOString(),
  })
  const blocked = page.getByRole('region', { name: 'Wrote, but is not allowed 1' })
  await blocked.getByText('United States / Canada').waitFor()
  const topOf = async (name: string): Promise<number> =>
    (await page.getByRole('heading', { name }).boundingBox())?.y ?? Number.NaN
  const tops = [
    await topOf('Wrote, but is not allowed'),
    await topOf('Replies that were not sent'),
    await topOf('Allowed numbers'),
  ]
  expect(tops).toEqual(tops.toSorted((one, other) => one - other))
  expect(tops[1]).toBeLessThan((await scripted.button('Disconnect').boundingBox())?.y ?? 0)
  expect(await scripted.button(`Allow ${MALLORY}`).getAttribute('part')).toContain('primary')
})

test('chats that a person has taken over are listed until when, and handed back', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const paused = { state: 'paused', pausedBy: 'phone', since: until, until, reason: null } as const
  const chats = [
    conversation(1, 1, { assistant: paused }),
    conversation(2, 2),
    conversation(3, 3, { assistant: { ...paused, until: null } }),
  ]
  const accountNow = () => ({
    ...connectedAccount(),
    takenOver: chats.filter(({ assistant }) => assistant.state === 'paused').length,
    waiting: 2,
    handedOver: [],
  })
  const scripted = await ScriptedPage.prepare(browser)
  const { page, daemon } = scripted
  scripted.show({ accounts: [accountNow()], config: configView() })
  daemon.handlers['conversations.list'] = () => ({ conversations: chats, cursor: null })
  daemon.handlers['conversations.resume'] = ({ conversation: id }) => {
    const chat = chats.find(({ conversationId }) => conversationId === id)
    if (chat === undefined) throw new Error('no such conversation')
    chat.assistant = { state: 'on', pausedBy: null, since: null, until: null, reason: null }
    daemon.publish('account.status', accountNow())
    return { conversationId: chat.conversationId, assistant: chat.assistant }
  }
  await scripted.open()
  const region = page.getByRole('region', { name: 'A person answers' })
  await page.getByRole('heading', { name: 'A person answers 2' }).waitFor()
  await region.getByText('Until somebody hands back.').waitFor()
  await page.getByRole('region', { name: 'Wait for a person 2' }).getByText('failed: 2.').waitFor()
  await region.getByRole('button', { name: 'Hand +15550001001 back to the assistant' }).click()
  await region.getByText('+15550001001').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'A person answers 1' }).waitFor()
  daemon.publish('conversation.updated', {
    account: 'default',
    conversation: '+15550001002',
    conversationId: '2',
    at: until,
    view: { ...conversation(2, 2), assistant: paused },
  })
  await region.getByText('+15550001002').waitFor()
  await page.getByRole('heading', { name: 'A person answers 2' }).waitFor()
  expect(daemon.requests.filter(({ method }) => method === 'conversations.resume')).toEqual([
    { method: 'conversations.resume', params: { account: 'default', conversation: '1' } },
  ])
  expect(scripted.complaints).toEqual([])
})

test('a token that may not see conversations sees in how many chats a person answers', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page, daemon } = scripted
  daemon.methods = ['session.ping', 'accounts.list', 'config.get']
  scripted.show({ accounts: [{ ...connectedAccount(), takenOver: 3 }], config: configView() })
  await scripted.open()
  const region = page.getByRole('region', { name: 'A person answers 3' })
  await region.getByText('until they are handed back').waitFor()
  expect(await region.getByRole('button').count()).toBe(0)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BOB, BUSINESS_FOLDER, type BusinessFacts, CAROL, DORA, ERIK } from '../../corpus/business-facts.ts'
import { FACTS_FILE } from '../../corpus/corpus-facts.ts'
import { restoreRecording } from '../../corpus/restore-recording.ts'
import { AgentServer } from '../../support/agent-server.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE, MALLORY } from '../../support/stack.ts'

const DAY_MS = 86_400_000
const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', BUSINESS_FOLDER)

/*
 * Files of a Business account as earlier versions left them, killed while nobody knew whether a reply had left. They are never recorded again.
 */
describe.each(recordings())('the files of $name', ({ directory, facts }) => {
  let server: AgentServer
  let daemon: BusinessDaemon
  beforeEach(async () => {
    // A moment after the kill: what is older than an hour is not answered any more.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(facts.recordedAt) + 5_000, shouldAdvanceTime: true })
    server = await AgentServer.start()
    const { number, alice, nora, configPath: recordedPath } = facts
    daemon = await BusinessDaemon.start({
      number: { phoneNumber: number.phoneNumber, former: number },
      aliceId: alice.userId,
      allowFrom: [ALICE, BOB, CAROL, DORA, ERIK, `bsuid:${nora.userId}`],
      cloudApi: {
        phoneNumberId: undefined,
        businessAccountId: undefined,
        accessToken: undefined,
        appSecret: undefined,
        verifyToken: undefined,
      },
      channel: { transport: undefined, agents: server.agents('ada') },
      subscribes: false,
      prepare: ({ stateDir, configPath, platform, number: registered }) => {
        const person = platform.addPerson({ name: 'Nora', username: 'nora.n', formerUserId: nora.userId })
        // Of what she wrote before, this platform knows nothing else.
        registered.windows.set(person, Date.parse(facts.recordedAt) + DAY_MS)
        restoreRecording(directory, { stateDir, configPath, recordedPath })
      },
    })
    await daemon.untilState('connected')
    await daemon.accounts.connectBusiness('default', { callbackUrl: daemon.callbackUrl })
    await daemon.until('the address', () => {
      const { account, app } = daemon.number
      return account.subscribedApps.get(app)?.url === daemon.callbackUrl
    })
  })
  afterEach(async () => {
    await daemon.stop()
    await server.stop()
    vi.useRealTimers()
  })

  const conversation = (name: string) => daemon.accounts.conversations('default').get(name)
  const seen = (name: string): string[] => {
    const person = daemon.platform.people.find((each) => each.name === name)
    return person?.seen(daemon.number).texts.map(({ text }) => text) ?? []
  }
  const post = (value: object): Promise<number | null> => {
    const metadata = {
      display_phone_number: daemon.number.digits,
      phone_number_id: facts.number.phoneNumberId,
    }
    const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } }
    const body = {
      object: 'whatsapp_business_account',
      entry: [{ id: facts.number.businessAccountId, changes: [change] }],
    }
    return daemon.platform.postWebhook(daemon.number, daemon.callbackUrl, { body })
  }

  /** Meta tells that the reply of which nobody knew has arrived. */
  const settle = async (messageId: string): Promise<void> => {
    const status = {
      id: 'wamid.LATE',
      status: 'delivered',
      timestamp: String(Math.floor(Date.now() / 1_000)),
      recipient_id: ALICE.slice(1),
      recipient_user_id: facts.alice.userId,
      biz_opaque_callback_data: messageId,
    }
    expect(await post({ statuses: [status] })).toBe(200)
    await daemon.untilEvent('message.delivered', (delivered) => delivered.messageId === messageId)
  }

  it('open: the number is used, questions are answered, and what may have left waits for a status', async () => {
    const { unanswered, unsettled } = facts
    await daemon.until('the answers', () => seen('Nora').length === unanswered.length)
    expect(seen('Nora')).toEqual(unanswered.map((text) => `ada: ${text}`))
    expect(daemon.account()).toMatchObject({
      phoneNumber: facts.number.phoneNumber,
      failedMessages: 1,
      business: { source: 'connected', phoneNumberId: facts.number.phoneNumberId },
    })
    daemon.alice.write(daemon.number, 'behind it')
    await daemon.untilEvent('agent.turnFinished', ({ conversation }) => conversation === ALICE)
    expect(seen('Alice')).toEqual([])
    await settle(unsettled.messageId)
    // It is not sent again, and neither is anything else.
    await daemon.untilSeen(daemon.alice, 'ada: behind it')
    expect(seen('Alice')).toEqual(['ada: behind it'])
  })

  it('know windows, prices, who has which number, and which chat another app has', async () => {
    const { alice, freeUntil, charges } = facts
    const { state, until } = conversation(ALICE).window ?? {}
    expect(state).toBe('open')
    // The clock of this test was set.
    expect(Math.abs(Date.parse(until ?? '') - Date.parse(alice.windowUntil ?? ''))).toBeLessThan(10_000)
    expect(conversation(BOB).window?.freeUntil).toBe(freeUntil)
    expect(conversation(ERIK).window?.state).toBe('closed')
    expect(conversation(CAROL).assistant).toMatchObject({ state: 'paused', pausedBy: 'app' })
    expect(daemon.accounts.usage('default').charges(charges.month)?.categories).toEqual(charges.categories)
    const stranger = daemon.platform.addPerson({ name: 'New Dora', phoneNumber: DORA })
    stranger.write(daemon.number, 'I have this number now')
    await daemon.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === DORA)
    daemon.mallory.write(daemon.number, 'let me in')
    await daemon.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    expect(daemon.mallory.seen(daemon.number).texts).toEqual([])
  })

  it('hold what was said and what failed, and know again what Meta posts a second time', async () => {
    const { posted, failedId, alice, unsettled } = facts
    await settle(unsettled.messageId)
    const message = {
      from: ALICE.slice(1),
      from_user_id: alice.userId,
      id: posted.id,
      timestamp: posted.timestamp,
      type: 'text',
      text: { body: posted.text },
    }
    const contact = { profile: { name: 'Alice' }, wa_id: ALICE.slice(1), user_id: alice.userId }
    expect(await post({ contacts: [contact], messages: [message] })).toBe(200)
    daemon.alice.write(daemon.number, 'what did I say?')
    await daemon.untilSeen(daemon.alice, 'ada: what did I say?')
    expect(seen('Alice')).toEqual(['ada: what did I say?'])
    const told = server.asked.at(-1)?.messages.map(({ content }) => content) ?? []
    expect(told.slice(0, 2)).toEqual(['hello', 'ada: hello'])
    expect(told.at(-1)).toBe('what did I say?')
    const client = await daemon.client()
    const { messages } = await client.request('outbox.list', { state: 'failed' })
    client.close()
    expect(messages.map(({ messageId }) => messageId)).toEqual([failedId])
  })
})

function recordings(): { name: string; directory: string; facts: BusinessFacts }[] {
  return readdirSync(CORPUS).map((name) => {
    const directory = join(CORPUS, name)
    // Written by `record-business.ts` beside what it tells of.
    const facts = JSON.parse(readFileSync(join(directory, FACTS_FILE), 'utf8')) as BusinessFacts
    return { name, directory, facts }
  })
}

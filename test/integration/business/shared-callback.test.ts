import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BusinessNumber } from '../../../src/simulator/business/management/business-number.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

// Two numbers of one Meta app: Meta posts what is for either of them to the app's one callback address. What was for the number of the other
// account counted as a stranger's, was answered with 200, and was lost.
let daemon: BusinessDaemon
let second: BusinessNumber
beforeEach(async () => {
  daemon = await BusinessDaemon.start()
  const { app, account } = daemon.number
  second = daemon.platform.addNumber({ phoneNumber: '+15550009001', name: 'Second Shop', app, account })
  await configure()
  await connected('second')
})
afterEach(() => daemon.stop())

const connected = (id: string): Promise<unknown> =>
  daemon.until(`${id} connected`, () =>
    daemon.accounts.list().some(({ account, state }) => account === id && state === 'connected'),
  )

/** `first`, `other`: further keys of the two accounts. Resolves when they count. */
async function configure(first: object = {}, other: object = {}): Promise<void> {
  const before = daemon.published('config.applied').length
  const { phoneNumberId, accessToken } = second
  const cloudApi = {
    ...daemon.cloudApi,
    phoneNumberId,
    accessToken,
    ...('cloudApi' in other && (other.cloudApi as object)),
  }
  const accounts = { default: first, second: { ...other, cloudApi } }
  daemon.writeConfig([ALICE], { accounts })
  await daemon.until('the config', () => daemon.published('config.applied').length > before)
}

type Fields = Record<string, unknown>
let ids = 0
const change = (
  number: Pick<BusinessNumber, 'digits' | 'phoneNumberId'>,
  value: Fields,
  field = 'messages',
) => ({
  field,
  value: {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.digits, phone_number_id: number.phoneNumberId },
    ...value,
  },
})
const text = (body: string): Fields => {
  ids += 1
  const contacts = [{ wa_id: ALICE.slice(1), profile: { name: 'Alice' } }]
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const message = { from: ALICE.slice(1), id: `wamid.S${ids}`, timestamp, type: 'text', text: { body } }
  return { contacts, messages: [message] }
}
const body = (...changes: object[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: daemon.number.businessAccountId, changes }],
})
const post = (
  content: object,
  by: BusinessNumber = daemon.number,
  path = 'default',
): Promise<number | null> =>
  daemon.platform.postWebhook(by, `${daemon.url}/webhooks/whatsapp/${path}`, { body: content })
const received = (): string[] => daemon.published('message.received').map(({ account }) => account)
const webhookOf = (account: string) => daemon.account(account).business?.webhook

describe('two numbers behind the address of one of them', () => {
  it('are both answered, each from its own number', async () => {
    daemon.alice.write(daemon.number, 'to the first')
    daemon.alice.write(second, 'to the second')
    await daemon.until('both answers', () =>
      [daemon.number, second].every((number) => daemon.alice.seen(number).texts.length === 1),
    )
    expect(daemon.alice.seen(daemon.number).texts[0]?.text).toBe('to the first')
    expect(daemon.alice.seen(second).texts[0]?.text).toBe('to the second')
    await daemon.platform.settled()
    // Statuses, too.
    await daemon.until(
      'delivered',
      () => new Set(daemon.published('message.delivered').map(({ account }) => account)).size === 2,
    )
    expect(webhookOf('second')).toMatchObject({ lastBy: 'default', foreign: 0, refused: 0 })
    expect(webhookOf('default')).toMatchObject({ lastBy: null, foreign: 0 })
  })

  it('may stand in one post; what nobody here has is counted and left out', async () => {
    const stranger = { digits: '15550009999', phoneNumberId: '999' }
    const posted = body(
      change(daemon.number, text('one')),
      change(second, text('two')),
      change(stranger, text('three')),
    )
    expect(await post(posted)).toBe(200)
    await daemon.until('both', () => received().length === 2)
    expect(received().toSorted()).toEqual(['default', 'second'])
    expect(webhookOf('default')?.foreign).toBe(1)
    // Again: nothing twice.
    expect(await post(posted)).toBe(200)
    await daemon.platform.settled()
    expect(received()).toHaveLength(2)
  })

  it('while the other account is disabled: it is on disk before the answer, and taken in later', async () => {
    await configure({}, { enabled: false })
    await daemon.until('disabled', () => daemon.account('second').state === 'disabled')
    expect(await post(body(change(second, text('while disabled'))))).toBe(200)
    await daemon.until('taken in', () => received().length === 1)
    expect(received()).toEqual(['second'])
  })

  it('while the other account cannot be opened: it comes again, and the first has its part', async () => {
    const file = await closeSecond()
    const posted = body(change(daemon.number, text('one')), change(second, text('two')))
    expect(await post(posted)).toBe(503)
    expect(webhookOf('default')?.postponed).toBe(1)
    await daemon.until('the first', () => received().length === 1)
    expect(received()).toEqual(['default'])
    renameSync(`${file}.away`, file)
    await daemon.until('open again', () => daemon.account('second').state === 'connected', 60_000)
    expect(await post(posted)).toBe(200)
    await daemon.until('the second', () => received().length === 2)
    expect(received()).toEqual(['default', 'second'])
  })

  it('while the other account cannot be opened, news come again and are heard once', async () => {
    const file = await closeSecond()
    const news = (value: object): object => body({ field: 'account_update', value })
    const violation = news({ event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'SCAM' } })
    expect(await post(violation)).toBe(503)
    await daemon.until('restricted', () => daemon.account('default').state === 'restricted')
    await post(news({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } }))
    await daemon.until('lifted', () => daemon.account('default').state === 'connected')
    await post(violation)
    // What is posted behind it is worked on behind it.
    await post(body(change(daemon.number, text('and then'))))
    await daemon.until('what follows', () => received().length === 1)
    expect(daemon.account('default').state).toBe('connected')
    renameSync(`${file}.away`, file)
  })

  it('by the address of an account that is closed, or was disconnected: what is for the other one is taken', async () => {
    const file = await closeSecond()
    expect(await post(body(change(daemon.number, text('one'))), second, 'second')).toBe(200)
    expect(await post(body(change(second, text('two'))), second, 'second')).toBe(503)
    renameSync(`${file}.away`, file)
    await daemon.until('open again', () => daemon.account('second').state === 'connected', 60_000)
    await daemon.accounts.disconnect('default')
    expect(await post(body(change(second, text('three'))))).toBe(200)
    await daemon.until('taken in', () => received().length === 2)
    expect(received()).toEqual(['default', 'second'])
    // Whoever cannot prove it is refused as before.
    const url = `${daemon.url}/webhooks/whatsapp/default`
    const signature = 'wrong'
    expect(
      await daemon.platform.postWebhook(second, url, { body: body(change(second, text('four'))), signature }),
    ).toBe(401)
  })

  it('with the secret of another app: not believed, and not lost', async () => {
    const posted = body(change(second, text('once')))
    await configure({}, { cloudApi: { appSecret: 'another-app-secret-0123456789' } })
    expect(await post(posted)).toBe(401)
    expect(webhookOf('second')?.lastRefusal?.why).toContain('address of another account')
    expect(received()).toEqual([])
    await configure()
    expect(await post(posted)).toBe(200)
    await daemon.until('taken in', () => received().length === 1)
    // What it has already may come by the address of another app that is subscribed, too.
    await configure({}, { cloudApi: { appSecret: 'another-app-secret-0123456789' } })
    expect(await post(posted)).toBe(200)
    expect(received()).toEqual(['second'])
  })

  it('what the owner writes by hand, and news of the Business account', async () => {
    const echo = {
      contacts: [{ wa_id: ALICE.slice(1) }],
      message_echoes: [
        {
          from: second.digits,
          to: ALICE.slice(1),
          id: 'wamid.E1',
          timestamp: String(Math.floor(Date.now() / 1_000)),
          type: 'text',
          text: { body: 'I am here' },
        },
      ],
    }
    expect(await post(body(change(second, echo, 'smb_message_echoes')))).toBe(200)
    await daemon.until('taken over', () =>
      daemon.published('conversation.updated').some(({ account }) => account === 'second'),
    )
    const restriction = {
      restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
      expiration: Math.floor(Date.now() / 1_000) + 3_600,
    }
    const value = { event: 'ACCOUNT_RESTRICTION', restriction_info: [restriction] }
    expect(await post(body({ field: 'account_update', value }))).toBe(200)
    for (const id of ['default', 'second'])
      await daemon.until(`${id} restricted`, () => daemon.account(id).state === 'restricted')
  })
})

/** The directory of the second account is another program's now. Answers with its file, which is beside it. */
async function closeSecond(): Promise<string> {
  const file = join(daemon.stateDir, 'accounts', 'second', 'account.db')
  renameSync(file, `${file}.away`)
  await daemon.until('closed', () => daemon.account('second').state === 'storage_error', 60_000)
  return file
}

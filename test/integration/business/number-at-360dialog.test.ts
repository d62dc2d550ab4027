/** A number of 360dialog: a key instead of a token, addresses without version and number, and a callback address that is itself the secret. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../../src/control/auth/authenticate.ts'
import { shownAccounts } from '../../../src/control/views/shown-accounts.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import type { BusinessStep } from '../../../src/protocol/account/business.ts'
import { BUSINESS, BusinessDaemon, type BusinessDaemonOptions } from '../../support/business-daemon.ts'
import { CommandLine } from '../../support/command-line.ts'
import { pngFile } from '../../support/media-files.ts'
import { ALICE } from '../../support/stack.ts'

let daemon: BusinessDaemon
let log = ''
afterEach(() => daemon.stop())

/** Connected, and nobody has said yet where webhooks go. */
async function start(options: BusinessDaemonOptions = {}): Promise<void> {
  log = ''
  const logger = createLogger({
    level: 'debug',
    format: 'json',
    destination: { write: (line) => void (log += line) },
  })
  daemon = await BusinessDaemon.start({
    logger,
    ...options,
    cloudApi: { provider: '360dialog', appSecret: undefined, verifyToken: undefined, ...options.cloudApi },
    number: { provider: '360dialog', ...options.number },
    subscribes: false,
  })
}

const webhook = () => daemon.account().business?.webhook
const pathSecret = (): string => webhook()?.pathSecret ?? ''
const address = (): string => `${daemon.callbackUrl}/${pathSecret()}`
const stepsOf = (): Record<string, BusinessStep['state']> =>
  Object.fromEntries((daemon.account().business?.steps ?? []).map(({ step, state }) => [step, state]))

/** As `start`, with the callback address set in the Hub. */
async function startWithWebhooks(options: BusinessDaemonOptions = {}): Promise<void> {
  await start(options)
  await daemon.untilState('connected')
  await daemon.platform.subscribe(daemon.number, address())
}

async function answeredAlice(text: string): Promise<string> {
  daemon.alice.write(daemon.number, text)
  return daemon.untilSeen(daemon.alice, text)
}

describe('a number at 360dialog', () => {
  it('is set up by its key alone, answers, and follows what becomes of the answer', async () => {
    await startWithWebhooks()
    expect(stepsOf()).toEqual({
      token: 'done',
      permissions: 'skipped',
      number: 'done',
      subscribe: 'skipped',
      register: 'skipped',
      webhook: 'waiting',
    })
    await answeredAlice('hello')
    await daemon.untilEvent('message.delivered')
    daemon.alice.read(daemon.number)
    await daemon.untilEvent('message.read')
    await daemon.until('the first webhook', () => stepsOf()['webhook'] === 'done')
    expect(daemon.account().reason).toBe(null)
    // 360dialog's own answers do not name it: the webhooks do.
    expect(daemon.account()).toMatchObject({
      phoneNumber: BUSINESS,
      business: { shareLink: `https://wa.me/${BUSINESS.slice(1)}` },
    })
    expect(daemon.accounts.conversations('default').get(ALICE).window?.state).toBe('open')
    const { items } = daemon.platform.calls
    // Neither a version nor the id of the number stands in any path.
    expect(items.filter(({ path }) => /^\/v\d+\.\d|^\/\d+\//.test(path))).toEqual([])
    expect(items.filter(({ status }) => status !== 200)).toEqual([])
  })

  it('gets files at its own host, and sends them', async () => {
    await startWithWebhooks()
    const png = pngFile(8, 8)
    daemon.alice.sendFile(daemon.number, { kind: 'image', data: png, mimeType: 'image/png', caption: 'look' })
    await daemon.untilEvent('message.received')
    const media = await daemon.until('the file', () =>
      daemon.accounts
        .conversations('default')
        .messages(ALICE, { limit: 5 })
        .messages.flatMap(({ files }) => files)
        .find(({ state }) => state === 'ready'),
    )
    expect(media.size).toBe(png.length)
    const file = join(daemon.directory, 'picture.png')
    writeFileSync(file, png)
    const sent = await CommandLine.run(['send', ALICE, '--file', file, '--wait', 'delivered'], {
      WHATSAPPD_STATE_DIR: daemon.stateDir,
    })
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    expect(daemon.alice.seen(daemon.number).files).toMatchObject([{ mimeType: 'image/png' }])
    // The key went to no other host than the one of the config.
    expect(daemon.platform.calls.items.filter(({ operation }) => operation === 'download')).toMatchObject([
      { hasToken: true, status: 200 },
    ])
  })

  it('is believed by the secret of the path alone: a wrong one, a part of it and none are refused', async () => {
    await startWithWebhooks()
    const post = (url: string): Promise<number | null> =>
      daemon.platform.postWebhook(daemon.number, url, { body: { entry: [] }, signature: 'missing' })
    expect(await post(daemon.callbackUrl)).toBe(401)
    expect(await post(address().slice(0, -1))).toBe(401)
    expect(await post(`${daemon.callbackUrl}/${'x'.repeat(22)}`)).toBe(401)
    expect(webhook()).toMatchObject({ refused: 3, lastRefusal: { why: expect.stringContaining('The path') } })
    expect(await post(address())).toBe(200)
    expect(log).not.toContain(pathSecret())
  })

  it('is told by whoever connects it where webhooks go, and sets that at 360dialog with the secret', async () => {
    await start()
    await daemon.untilState('connected')
    await daemon.accounts.connectBusiness('default', { callbackUrl: daemon.callbackUrl })
    await daemon.until('the address', () => stepsOf()['subscribe'] === 'done')
    expect(daemon.number.callbackUrl).toBe(address())
    await answeredAlice('hello')

    // The whole address is taken, and the secret in it is not kept as a part of what everybody sees.
    await daemon.accounts.connectBusiness('default', { callbackUrl: address() })
    await daemon.untilState('connected')
    expect(webhook()?.callbackUrl).toBe(daemon.callbackUrl)
    expect(daemon.number.callbackUrl).toBe(address())
    // It is set only where it is another one.
    const posts = daemon.platform.calls.items.filter(
      ({ operation, method }) => operation === 'configure-webhook' && method === 'POST',
    )
    expect(posts).toHaveLength(1)
    const reader = { kind: 'jwt', scopes: ['read'] } as unknown as Identity
    expect(JSON.stringify(shownAccounts(daemon.accounts.list(), reader))).not.toContain(pathSecret())
    expect(log).not.toContain(pathSecret())
  })

  it('says which address to set where 360dialog refuses it, without the secret, and works on', async () => {
    await start()
    await daemon.untilState('connected')
    daemon.platform.faults.strike('configure-webhook', {
      kind: 'error',
      code: 100,
      details: `No: ${address()}`,
    })
    await daemon.accounts.connectBusiness('default', { callbackUrl: daemon.callbackUrl })
    const failed = await daemon.until('the step that failed', () =>
      daemon.account().business?.steps.find(({ step, state }) => step === 'subscribe' && state === 'failed'),
    )
    expect(failed.action).toContain('360dialog Hub')
    expect(JSON.stringify(failed)).not.toContain(pathSecret())
    expect(daemon.account()).toMatchObject({
      state: 'connected',
      reason: { code: 'webhooks_not_subscribed' },
    })
    // By hand, as the advice says.
    daemon.platform.faults.clear()
    await daemon.platform.subscribe(daemon.number, address())
    await daemon.accounts.reconnect('default')
    await daemon.until('the step', () => stepsOf()['subscribe'] === 'done')
    await answeredAlice('hello')
  })

  it.each([
    ['to somebody who is not on WhatsApp', 131_026],
    ['that is not valid', 131_009],
  ])('a message %s fails for good, with words, and is sent once', async (_case, code) => {
    await startWithWebhooks()
    await answeredAlice('hello')
    daemon.platform.faults.strike('send', { kind: 'error', code }, { times: 1 })
    daemon.alice.write(daemon.number, 'and this?')
    const failed = await daemon.untilEvent('message.failed')
    expect(failed.message).not.toBe('')
    expect(daemon.platform.calls.items.filter((call) => call.code === code)).toHaveLength(1)
  })

  it('is logged out by a key that is not taken any more, and comes back with another', async () => {
    await startWithWebhooks()
    daemon.platform.endToken(daemon.number, 'revoked')
    await daemon.accounts.reconnect('default')
    const { reason } = await daemon.untilState('logged_out')
    expect(reason).toMatchObject({
      code: 'access_token_revoked',
      action: expect.stringContaining('360dialog'),
    })
    expect(daemon.account().reason?.message).not.toContain(daemon.number.accessToken)
    daemon.platform.renewToken(daemon.number)
    daemon.writeConfig([ALICE])
    await daemon.untilState('connected')
    await answeredAlice('again')
  })

  it('says that the key is for another number, and for which', async () => {
    await start({ cloudApi: { phoneNumberId: '999' } })
    const { reason } = await daemon.untilState('misconfigured')
    expect(reason?.code).toBe('number_not_found')
    expect(reason?.message).toContain(daemon.number.phoneNumberId)
    daemon.writeConfig([ALICE], {
      cloudApi: { ...daemon.cloudApi, phoneNumberId: daemon.number.phoneNumberId },
    })
    await daemon.untilState('connected')
  })

  it('with an app secret in the config takes no webhook without a right signature', async () => {
    await startWithWebhooks({ cloudApi: { appSecret: 'signing-secret-of-theirs' } })
    daemon.alice.write(daemon.number, 'unsigned')
    await daemon.until('a refusal', () => (webhook()?.refused ?? 0) > 0)
    expect(daemon.account().reason?.code).toBe('webhooks_refused')
    expect(daemon.published('message.received')).toEqual([])
    daemon.number.signingSecret = 'signing-secret-of-theirs'
    await answeredAlice('signed')
    daemon.number.signingSecret = 'another one'
    const refused = webhook()?.refused ?? 0
    daemon.alice.write(daemon.number, 'signed by somebody else')
    await daemon.until('another refusal', () => (webhook()?.refused ?? 0) > refused)
    // What was refused comes again, and is taken once the config no longer asks for a signature.
    daemon.writeConfig([ALICE], { cloudApi: { ...daemon.cloudApi, appSecret: undefined } })
    await daemon.untilSeen(daemon.alice, 'unsigned')
    await daemon.untilSeen(daemon.alice, 'signed by somebody else')
  })

  it('is disconnected: nothing is asked any more, and it says what to remove there', async () => {
    await startWithWebhooks()
    await answeredAlice('hello')
    await daemon.untilEvent('message.delivered')
    const { unlinkedOnPhone, leftOver } = await daemon.accounts.disconnect('default')
    expect([unlinkedOnPhone, leftOver]).toEqual([false, ['channels.whatsapp.cloudApi.accessToken']])
    expect(daemon.account().reason).toMatchObject({
      code: 'business_disconnected_locally',
      message: expect.stringContaining('360dialog'),
    })
    const calls = daemon.platform.calls.items.length
    daemon.alice.write(daemon.number, 'anybody there?')
    await daemon.platform.webhooks.waitFor(({ status }) => status === 503, 'a refusal')
    expect(daemon.platform.calls.items).toHaveLength(calls)
  })
})

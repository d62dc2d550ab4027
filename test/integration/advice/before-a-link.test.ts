import { afterEach, describe, expect, it } from 'vitest'
import type { ReasonCode } from '../../../src/protocol/reasons.ts'
import { ALICE, OWNER, Stack } from '../../support/stack.ts'

/** Of reasons before there is a link: each is produced, then its advice is followed. `test/unit/protocol/advice-proofs.ts` lists them. */
describe('the advice of', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const reasonOf = (account?: string): ReasonCode | undefined => stack.account(account).reason?.code
  const becauseOf = (code: ReasonCode): Promise<unknown> =>
    stack.until(`the reason ${code}`, () => reasonOf() === code)
  const isAnswered = async (): Promise<void> => {
    await stack.alice.sendText(OWNER, 'are you there?')
    await stack.alice.waitForText('are you there?')
  }

  it('nobody_allowed: with one number added, it can be linked', async () => {
    stack = await Stack.start({ allowFrom: [] })
    expect(reasonOf()).toBe('nobody_allowed')
    const client = await stack.client()
    await client.request('config.addAllowFrom', { allowFrom: [ALICE] })
    client.close()
    await stack.link()
    await isAnswered()
  })

  it('direct_messages_disabled: with the policy "allowlist", or a group that is named, it can be linked', async () => {
    stack = await Stack.start({ channel: { dmPolicy: 'disabled' } })
    expect(reasonOf()).toBe('direct_messages_disabled')
    stack.writeConfig([ALICE], { dmPolicy: 'disabled', groups: { '120363000000000001@g.us': {} } })
    await becauseOf('not_linked')
    stack.writeConfig([ALICE], { dmPolicy: 'disabled' })
    await becauseOf('direct_messages_disabled')
    stack.writeConfig([ALICE], { dmPolicy: 'allowlist' })
    await becauseOf('not_linked')
    await stack.link()
    await isAnswered()
  })

  it('too_many_accounts: with a higher maxAccounts, or one account fewer, the last one has a place', async () => {
    const accounts = { default: {}, shop: {} }
    const hasPlace = (): Promise<unknown> => stack.until('a place', () => reasonOf('shop') === 'not_linked')
    stack = await Stack.start({ channel: { maxAccounts: 1, accounts } })
    expect(reasonOf('shop')).toBe('too_many_accounts')
    stack.writeConfig([ALICE], { maxAccounts: 2 })
    await hasPlace()
    stack.writeConfig([ALICE], { maxAccounts: 1 })
    await stack.until('no place', () => reasonOf('shop') === 'too_many_accounts')
    stack.writeConfig([ALICE], { maxAccounts: 1, accounts: { shop: {} }, defaultAccount: 'shop' })
    await hasPlace()
  })

  it('not_linked, starting, scan_to_link and confirming_link: a QR that is scanned, and a few seconds', async () => {
    stack = await Stack.start()
    expect(reasonOf()).toBe('not_linked')
    const { qr } = await stack.qr()
    expect(reasonOf()).toBe('scan_to_link')
    await stack.owner.scan(qr)
    await stack.untilState('connected')
    const said = stack.published('account.status').map(({ reason }) => reason?.code)
    expect([...new Set(said)].filter((code) => code !== undefined)).toEqual([
      'not_linked',
      'starting',
      'scan_to_link',
      'confirming_link',
    ])
    await isAnswered()
  })

  it('link_cancelled: a new QR links', async () => {
    stack = await Stack.start()
    await stack.qr()
    await stack.accounts.cancelLink('default')
    expect(reasonOf()).toBe('link_cancelled')
    await stack.link()
  })

  it('link_failed: a new QR links', async () => {
    stack = await Stack.start()
    const failure = stack.simulator.faults.failRegistration({ reason: 401 })
    // Rejected with the link.
    const offered = stack.qr().catch(() => undefined)
    await stack.untilEvent('account.status', ({ reason }) => reason?.code === 'link_failed')
    failure.clear()
    await stack.accounts.cancelLink('default')
    await offered
    await stack.link()
  })

  it('link_code_rejected: a QR links instead', async () => {
    stack = await Stack.start()
    const asked = { element: 'link_code_companion_reg' }
    stack.simulator.faults.answerWithError(asked, { code: 400, text: 'bad-request' })
    // The refusal may come before or after the code is shown.
    await stack.accounts.link('default', { method: 'code', phoneNumber: OWNER }).catch(() => undefined)
    await becauseOf('link_code_rejected')
    await stack.link()
  })

  it('client_outdated: a current version in whatsappd.whatsapp.version links', async () => {
    stack = await Stack.start()
    const failure = stack.simulator.faults.failRegistration({ reason: 405 })
    await stack.qr().catch(() => undefined)
    await becauseOf('client_outdated')
    expect(stack.account().state).toBe('outdated')
    const config = JSON.parse(stack.readConfig()) as { whatsappd: { whatsapp: { version?: string } } }
    config.whatsappd.whatsapp.version = '2.3000.1999999999'
    stack.writeRawConfig(JSON.stringify(config))
    await stack.stopDaemon()
    await stack.startDaemon()
    failure.clear()
    await stack.link()
  })

  it('certificate_invalid: a network that leads to WhatsApp links', async () => {
    stack = await Stack.start()
    stack.simulator.faults.certificate = 'wrong-root'
    await stack.qr().catch(() => undefined)
    await becauseOf('certificate_invalid')
    stack.simulator.faults.certificate = 'valid'
    await stack.link()
  })

  it('config_invalid: with the setting that is named corrected, it can be linked', async () => {
    stack = await Stack.start({ daemon: { lock: { redis: { url: { env: 'LOCK_URL' } } } }, env: {} })
    await becauseOf('config_invalid')
    expect(stack.account().reason?.message).toContain('whatsappd.lock.redis.url')
    const config = JSON.parse(stack.readConfig()) as { whatsappd: { lock?: unknown } }
    delete config.whatsappd.lock
    stack.writeRawConfig(JSON.stringify(config))
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.link()
  })
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { DaemonError } from '../../src/protocol/errors.ts'
import type { Snapshot } from '../../src/protocol/methods.ts'
import type { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'
import { account, configView, connectedAccount, qrOffer } from './account-fixture.ts'
import { LOGIN_CODE, startCardServer } from './card-server.ts'
import { openBrowser } from './open-browser.ts'

const ALICE = '+15555550101'
const MALLORY = '+15555550166'

let browser: Browser
let daemon: ScriptedDaemon
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async ({ onTestFinished }) => {
  daemon = await startCardServer()
  show({})
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' })
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  onTestFinished(async () => {
    await context.close()
    await daemon.stop()
  })
})

/** What the next subscription answers with. */
function show(facts: Partial<Snapshot>): void {
  daemon.snapshot = {
    accounts: [account('unlinked', 'not_linked')],
    offers: [],
    config: configView(),
    blocked: [],
    ...facts,
  }
}

async function open(): Promise<void> {
  await page.goto(`${daemon.origin}/#code=${LOGIN_CODE}`)
  await page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
}

function button(name: string) {
  return page.getByRole('button', { name, exact: true })
}

test('the link is traded for a token that is neither in the address nor in an attribute', async () => {
  await open()
  expect(page.url()).toBe(`${daemon.origin}/`)
  expect(await page.content()).not.toContain(daemon.token)
  expect(await page.evaluate(() => sessionStorage.length)).toBe(1)
  await page.reload()
  await page.getByText('Not connected', { exact: true }).waitFor()
  expect(complaints).toEqual([])
})

test('without a link the page says how to get one', async () => {
  await page.goto(daemon.origin)
  await page.getByText('whatsappd open').waitFor()
  await page.goto(`${daemon.origin}/#code=${LOGIN_CODE}`)
  await page.getByText('Not connected', { exact: true }).waitFor()
})

test('a spent link says so', async () => {
  await page.goto(`${daemon.origin}/#code=wrong`)
  await page.getByText('used already or has expired').waitFor()
})

test('a token that is refused later leads back to the help', async () => {
  await open()
  daemon.token = 'changed'
  daemon.drop(4401)
  await page.getByText('The access of this page has ended.').waitFor()
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
})

test('with nobody allowed, linking is disabled with the reason until a number is added', async () => {
  show({ accounts: [account('unlinked', 'nobody_allowed')], config: configView({ allowFrom: [] }) })
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => {
    if (allowFrom[0] !== ALICE) {
      throw new DaemonError('invalid_phone_number', { message: 'This entry is too short.' })
    }
    daemon.publish('account.status', account('unlinked', 'not_linked'))
    return { revision: 'r2', allowFrom }
  }
  await open()
  expect(await button('Generate QR code').isDisabled()).toBe(true)
  await page.getByText('Add at least one allowed number first').waitFor()
  const field = page.getByRole('textbox', { name: 'Who may talk to the assistant?' })
  await field.fill('+1555')
  await field.press('Enter')
  await page.getByText('This number is too short.').waitFor()
  await field.fill('+1555555')
  await field.press('Enter')
  await page.getByText('This entry is too short.').waitFor()
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  await field.fill(ALICE)
  await field.press('Enter')
  await page.getByRole('listitem').filter({ hasText: ALICE }).waitFor()
  expect(await button('Generate QR code').isEnabled()).toBe(true)
})

test('from the button over the live QR and confirming to connected', async () => {
  daemon.handlers['accounts.link'] = () => {
    daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
    return qrOffer(1, 60)
  }
  await open()
  await page.getByText('The account you scan becomes the assistant.').waitFor()
  await button('Generate QR code').click()
  const code = page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' })
  await code.waitFor()
  await page.getByText('code 1 of 6').waitFor()
  await page.getByText(/Expires in (1:00|0:5\d)/).waitFor()
  await page.getByText('Settings › Linked Devices').waitFor()
  const first = await code.locator('path').getAttribute('d')
  daemon.publish('account.qr', qrOffer(2, 20))
  await page.getByText('code 2 of 6').waitFor()
  expect(await code.locator('path').getAttribute('d')).not.toBe(first)
  daemon.publish('account.status', account('confirming', 'confirming_link'))
  await page.getByText('Confirming', { exact: true }).waitFor()
  expect(await code.count()).toBe(0)
  daemon.publish('account.status', connectedAccount())
  await page.getByText('WhatsApp is connected.').waitFor()
  await page.getByText('3 Mar 2026, 12:00').waitFor()
  await page.getByRole('definition').filter({ hasText: '+15555550100' }).waitFor()
  expect(complaints).toEqual([])
})

test('the countdown follows the daemon clock, and an expired last code can be refreshed', async () => {
  daemon.clockAheadMs = 3_600_000
  const offer = { ...qrOffer(6, 3_601.2), remaining: 0 }
  show({ accounts: [account('awaiting_scan', 'scan_to_link')], offers: [offer] })
  daemon.handlers['accounts.link'] = () => qrOffer(1, 3_660)
  await open()
  await page.getByText('This code has expired').waitFor()
  await button('Refresh QR').click()
  await page.getByText('code 1 of 6').waitFor()
  await page.getByText(/Expires in (1:00|0:5\d)/).waitFor()
})

test('linking by phone number shows the code in two groups', async () => {
  daemon.handlers['accounts.link'] = ({ method, phoneNumber }) => {
    if (method !== 'code' || phoneNumber !== '+15555550100') throw new DaemonError('invalid_phone_number')
    daemon.publish('account.status', account('awaiting_scan', 'enter_code_to_link'))
    const expiresAt = new Date(Date.now() + 120_000).toISOString()
    return { account: 'default', method, code: 'ABCD1234', phoneNumber, expiresAt }
  }
  await open()
  await button('Link with phone number instead').click()
  const field = page.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' })
  await field.fill('0151 234567')
  await field.press('Enter')
  await page.getByText('Begin with + and the country code.').waitFor()
  await field.fill('+15555550')
  await page.getByText('United States / Canada').waitFor()
  await field.press('Enter')
  await page.getByText('This is not a possible phone number.').waitFor()
  await field.fill('+15555550100')
  await button('Get code').click()
  await page.getByText('ABCD-1234').waitFor()
  await page.getByText('Pairing code: A B C D 1 2 3 4').waitFor({ state: 'attached' })
})

test('a refused link shows what the daemon said', async () => {
  daemon.handlers['accounts.link'] = () => {
    throw new DaemonError('link_failed')
  }
  await open()
  await button('Generate QR code').click()
  await page.getByRole('alert').filter({ hasText: 'No QR or pairing code could be obtained.' }).waitFor()
})

test('the dialog sends the whole list, shows what is refused at the field, and gives focus back', async () => {
  const sent: unknown[] = []
  daemon.handlers['config.setAllowFrom'] = (params) => {
    sent.push(params)
    const bad = params.allowFrom.find((number) => number.length < 9)
    if (bad !== undefined) {
      const details = { value: bad, reason: 'too_short' }
      throw new DaemonError('invalid_phone_number', { message: 'This entry is too short.', details })
    }
    return { revision: 'r2', allowFrom: params.allowFrom }
  }
  await open()
  await button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  const field = dialog.getByRole('textbox', { name: 'Add a number' })
  await field.fill('+1555555')
  await field.press('Enter')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('This entry is too short.').waitFor()
  await dialog.getByRole('button', { name: 'Remove +1555555', exact: true }).click()
  await field.fill(MALLORY)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(sent).toEqual([
    { account: 'default', allowFrom: [ALICE, '+1555555'], revision: 'r1' },
    { account: 'default', allowFrom: [ALICE, MALLORY], revision: 'r1' },
  ])
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
  expect(await page.evaluate(focusedText)).toBe('Edit allowed numbers')
})

test('Escape closes the dialog and forgets the draft', async () => {
  await open()
  await button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('button', { name: `Remove ${ALICE}` }).click()
  await dialog.getByText('Nobody is allowed to talk').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await button('Edit allowed numbers').click()
  await dialog.getByRole('button', { name: `Remove ${ALICE}` }).waitFor()
})

test('a blocked sender can be allowed, and is gone then', async () => {
  show({ accounts: [connectedAccount()] })
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => ({
    revision: 'r2',
    allowFrom: [ALICE, ...allowFrom],
  })
  await open()
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at: new Date().toISOString(),
  })
  await button(`Allow ${MALLORY}`).click()
  await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor({ state: 'hidden' })
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
})

test('a save in an editor shows at once, and a broken one stays visible until mended', async () => {
  let config = configView({}, { revision: 'r2' })
  daemon.handlers['config.get'] = () => config
  await open()
  const problem = {
    code: 'too_short',
    path: 'channels.whatsapp.allowFrom[1]',
    line: 12,
    column: 5,
    message: 'Too short.',
  }
  config = configView({}, { valid: false, problems: [problem] })
  daemon.publish('config.rejected', problem)
  await page.getByText('channels.whatsapp.allowFrom[1] · line 12, column 5').waitFor()
  config = configView({ allowFrom: [ALICE, MALLORY] }, { revision: 'r3' })
  daemon.publish('config.applied', { revision: 'r3', changed: ['channels.whatsapp.allowFrom'] })
  await page.getByText('Too short.').waitFor({ state: 'hidden' })
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
})

test('disconnecting asks first', async () => {
  show({ accounts: [connectedAccount()] })
  let disconnects = 0
  daemon.handlers['accounts.disconnect'] = () => {
    disconnects++
    const gone = account('unlinked', 'disconnected_by_user')
    daemon.publish('account.status', gone)
    return { account: gone, unlinkedOnPhone: true }
  }
  await open()
  await button('Disconnect').click()
  await button('Keep').click()
  await button('Disconnect').click()
  expect(disconnects).toBe(0)
  await button('Yes, disconnect').click()
  await page.getByText('its credentials were erased').waitFor()
  expect(disconnects).toBe(1)
})

test('the switch pauses and resumes', async () => {
  show({ accounts: [connectedAccount()] })
  daemon.handlers['accounts.setEnabled'] = ({ enabled }) => {
    const next = enabled ? connectedAccount() : account('disabled', 'disabled_by_config', { linked: true })
    daemon.publish('account.status', next)
    return { account: next, revision: 'r2' }
  }
  await open()
  const enabled = page.getByRole('switch', { name: 'Enabled' })
  await enabled.click()
  await page.getByText('Paused', { exact: true }).waitFor()
  expect(await enabled.getAttribute('aria-checked')).toBe('false')
  await enabled.click()
  await page.getByText('Connected', { exact: true }).waitFor()
})

test('while reconnecting it says when, and can be told to try now', async () => {
  const nextAttemptAt = new Date(Date.now() + 40_000).toISOString()
  show({ accounts: [account('reconnecting', 'network_error', { linked: true, attempt: 3, nextAttemptAt })] })
  daemon.handlers['accounts.reconnect'] = () => {
    daemon.publish('account.status', connectedAccount())
    return { account: connectedAccount() }
  }
  await open()
  await page.getByText(/Attempt 3 failed\.\s+Next attempt in\s+0:[34]\d\./).waitFor()
  await button('Reconnect now').click()
  await page.getByText('WhatsApp is connected.').waitFor()
})

test('a daemon that goes away is said to be offline, and found again', async () => {
  show({ accounts: [connectedAccount()] })
  await open()
  await daemon.stop()
  await page.getByText('The daemon is offline.').waitFor()
  expect(await button('Reconnect').isDisabled()).toBe(true)
  show({ accounts: [account('logged_out', 'device_removed')] })
  await daemon.start()
  await page.getByText('The phone removed this device').waitFor({ timeout: 20_000 })
  expect(await button('Link again').isEnabled()).toBe(true)
})

test('settings are shown as far as they have an effect, and each change is saved at once', async () => {
  const sent: unknown[] = []
  const agents = { ada: { connector: 'echo', model: null }, bob: { connector: 'echo', model: null } }
  const more = { stickyTtlMinutes: 30, ackEmoji: '👀', senders: { [ALICE]: { agent: 'bob', name: null } } }
  const editable = ['defaultAgent', 'senders', 'stickyTtlMinutes', 'ackReaction']
  const config = configView({ agents, defaultAgent: 'ada', ...more }, { editable })
  show({ accounts: [connectedAccount()], config })
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.update'] = ({ changes }) => {
    sent.push(...changes)
    return { revision: 'r2', changed: [] }
  }
  await open()
  await page.getByText('Settings', { exact: true }).click()
  expect(await page.getByRole('switch', { name: 'Read receipts' }).count()).toBe(0)
  const perNumber = page.getByRole('combobox', { name: ALICE })
  expect(await perNumber.inputValue()).toBe('bob')
  await page.getByRole('combobox', { name: 'Default agent' }).selectOption('bob')
  await perNumber.selectOption('')
  const minutes = page.getByRole('spinbutton', { name: 'Minutes that a chosen agent stays' })
  await minutes.fill('45')
  await minutes.press('Tab')
  const emoji = page.getByRole('textbox', { name: 'Reaction that says' })
  await emoji.fill('✅')
  await emoji.press('Tab')
  await expect
    .poll(() => sent)
    .toEqual([
      { account: 'default', path: ['defaultAgent'], value: 'bob' },
      { account: 'default', path: ['senders', ALICE, 'agent'], unset: true },
      { account: 'default', path: ['stickyTtlMinutes'], value: 45 },
      { account: 'default', path: ['ackReaction', 'emoji'], value: '✅' },
    ])
})

test('a setting that somebody else changed first is not overwritten', async () => {
  let config = configView({}, { editable: ['sendReadReceipts'] })
  show({ accounts: [connectedAccount()], config })
  const revisions: unknown[] = []
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.update'] = ({ revision }) => {
    revisions.push(revision)
    if (revision !== config.revision) throw new DaemonError('config_conflict')
    return { revision: 'r9', changed: [] }
  }
  await open()
  await page.getByText('Settings', { exact: true }).click()
  const receipts = page.getByRole('switch', { name: 'Read receipts' })
  config = configView({ name: 'Renamed' }, { editable: ['sendReadReceipts'], revision: 'r2' })
  await receipts.click()
  await page.getByText('The config file changed since the given revision.').waitFor()
  expect(revisions).toEqual(['r1'])
  await receipts.click()
  await page.getByText('The config file changed since').waitFor({ state: 'hidden' })
  expect(revisions).toEqual(['r1', 'r2'])
})

test('a token that may only read gets a card that only shows', async () => {
  show({ accounts: [connectedAccount()] })
  daemon.methods = ['session.ping', 'accounts.list', 'config.get']
  await open()
  await page.getByText('WhatsApp is connected.').waitFor()
  expect(await page.getByRole('switch').count()).toBe(0)
  expect(await page.locator('whatsapp-card').getByRole('button').count()).toBe(0)
})

/** The text of the focused control, through every shadow root. */
function focusedText(): string {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused?.textContent?.trim() ?? ''
}

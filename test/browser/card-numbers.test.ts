import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { account, configView, connectedAccount } from './account-fixture.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const ALICE = '+15555550101'
const MALLORY = '+15555550166'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('with nobody allowed, linking is disabled with the reason until a number is added', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const { code, message, action = null } = new DaemonError('allowlist_empty')
  const refused = account('unlinked', 'nobody_allowed', { linkRefusal: { code, message, action } })
  scripted.show({ accounts: [refused], config: configView({ allowFrom: [] }) })
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => {
    if (allowFrom[0] !== ALICE) {
      throw new DaemonError('invalid_phone_number', { message: 'This entry is too short.' })
    }
    daemon.publish('account.status', account('unlinked', 'not_linked', { linkRefusal: null }))
    return { revision: 'r2', allowFrom }
  }
  await scripted.open()
  expect(await scripted.button('Generate QR code').isDisabled()).toBe(true)
  await page.getByText(`${message} ${action}`).waitFor()
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
  expect(await scripted.button('Generate QR code').isEnabled()).toBe(true)
})

test('the dialog sends the whole list, shows what is refused at the field, and gives focus back', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
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
  await scripted.open()
  await scripted.button('Edit allowed numbers').click()
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
  expect(await new Keyboard(page).focused()).toBe('Edit allowed numbers')
})

test('Escape closes the dialog and forgets the draft', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  await scripted.open()
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('button', { name: `Remove ${ALICE}` }).click()
  await dialog.getByText('Nobody is allowed to talk').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await scripted.button('Edit allowed numbers').click()
  await dialog.getByRole('button', { name: `Remove ${ALICE}` }).waitFor()
})

test('a blocked sender can be allowed, and is gone then', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => ({
    revision: 'r2',
    allowFrom: [ALICE, ...allowFrom],
  })
  await scripted.open()
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at: new Date().toISOString(),
  })
  await scripted.button(`Allow ${MALLORY}`).click()
  await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor({ state: 'hidden' })
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
})

test('a listed number that got another account can be allowed again', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const asked: unknown[] = []
  const reason = { code: 'person_changed', message: 'It is another account.', action: 'Ask.' } as const
  scripted.show({ accounts: [{ ...connectedAccount(), reason }] })
  daemon.handlers['config.addAllowFrom'] = (params) => {
    asked.push(params)
    return { revision: 'r1', allowFrom: [ALICE] }
  }
  await scripted.open()
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: ALICE,
    name: 'Somebody new',
    reason: 'person_changed',
    at: new Date().toISOString(),
  })
  const section = page.getByRole('region', { name: 'Wrote, but is not allowed 1' })
  await section.getByText('Another WhatsApp account than before').waitFor()
  await section.getByRole('button', { name: `Allow ${ALICE}` }).click()
  await section.waitFor({ state: 'hidden' })
  expect(asked).toEqual([{ account: 'default', allowFrom: [ALICE] }])
})

test('an entry that counts for nobody is named with its place until it is mended', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const message = 'Too short. This entry counts for nobody.'
  const entry = { code: 'too_short', path: 'channels.whatsapp.allowFrom[1]', line: 12, column: 5, message }
  let config = configView({}, { entryProblems: [entry], entryProblemsTotal: 1 })
  daemon.handlers['config.get'] = () => config
  await scripted.open()
  daemon.publish('config.applied', { revision: 'r2', changed: [], entryProblems: 1 })
  await page.getByText('channels.whatsapp.allowFrom[1] · line 12, column 5', { exact: true }).waitFor()
  expect(await page.getByText('The last valid settings stay in force').count()).toBe(0)
  config = configView({}, { revision: 'r3' })
  daemon.publish('config.applied', { revision: 'r3', changed: [] })
  await page.getByText(message, { exact: true }).waitFor({ state: 'hidden' })
})

test('a save in an editor shows at once, and a broken one stays visible until mended', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  let config = configView({}, { revision: 'r2' })
  daemon.handlers['config.get'] = () => config
  await scripted.open()
  const problem = {
    code: 'too_short',
    path: 'channels.whatsapp.allowFrom[1]',
    line: 12,
    column: 5,
    message: 'Too short.',
  }
  config = configView({}, { valid: false, problems: [problem] })
  daemon.publish('config.rejected', problem)
  await page.getByText('channels.whatsapp.allowFrom[1] · line 12, column 5', { exact: true }).waitFor()
  config = configView({ allowFrom: [ALICE, MALLORY] }, { revision: 'r3' })
  daemon.publish('config.applied', { revision: 'r3', changed: ['channels.whatsapp.allowFrom'] })
  await page.getByText('Too short.', { exact: true }).waitFor({ state: 'hidden' })
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
})

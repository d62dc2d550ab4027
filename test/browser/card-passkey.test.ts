import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountView } from '../../src/protocol/account/account.ts'
import { DaemonError } from '../../src/protocol/errors.ts'
import { REASON_CODES, REASONS } from '../../src/protocol/reasons.ts'
import { account } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const OPTIONS = { rpId: 'whatsapp.com', challenge: 'AAEC', userVerification: 'required' }
const ANSWER = { id: 'AQ', rawId: 'AQ', type: 'public-key', response: { signature: 'AgM' } }

function asked(
  step: NonNullable<AccountView['passkey']>['step'],
  secondsLeft: number,
  more: { code?: string } = {},
): NonNullable<AccountView['passkey']> {
  const expiresAt = new Date(Date.now() + secondsLeft * 1_000).toISOString()
  return { step, ceremonyId: 'one', expiresAt, ...more }
}

test('a demanded passkey: signed elsewhere, answered, compared, linked', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const challenge = asked('challenge', 590)
  scripted.show({
    accounts: [account('passkey_required', 'passkey_required', { passkey: challenge })],
    passkeys: [{ ...challenge, account: 'default', options: OPTIONS }],
  })
  let answers = 0
  daemon.handlers['accounts.passkey.answer'] = (params) => {
    expect(params).toEqual({ account: 'default', ceremonyId: 'one', assertion: ANSWER })
    if (++answers === 1) throw new DaemonError('passkey_answer_invalid')
    const view = account('passkey_required', 'passkey_sent', { passkey: asked('sent', 119) })
    daemon.publish('account.status', view)
    return { account: view }
  }
  daemon.handlers['accounts.passkey.confirm'] = (params) => {
    expect(params).toEqual({ account: 'default', ceremonyId: 'one', matches: true })
    const view = account('passkey_required', 'confirming_link', { passkey: asked('confirming', 119) })
    daemon.publish('account.status', view)
    return { account: view }
  }
  await scripted.open()
  await page.getByRole('heading', { name: 'WhatsApp asks for your passkey' }).waitFor()
  await page.getByText(/Expires in 9:[45]\d/).waitFor()

  const link = page.getByRole('link', { name: 'Open WhatsApp Web' })
  const url = new URL((await link.getAttribute('href')) ?? '')
  expect([url.origin, await link.getAttribute('rel')]).toEqual([
    'https://web.whatsapp.com',
    'noopener noreferrer',
  ])
  const carried = Buffer.from(url.hash.replace('#whatsappd=', ''), 'base64url').toString('utf8')
  expect(JSON.parse(carried)).toMatchObject({ options: OPTIONS, daemon: new URL(daemon.origin).host })
  const script = await page.getByRole('textbox', { name: 'The line for the console' }).inputValue()
  expect(script).toContain(JSON.stringify(OPTIONS))

  const field = page.getByRole('textbox', { name: 'Paste the answer here' })
  await field.fill('undefined')
  await scripted.button('Send the answer').click()
  await page.getByRole('alert').filter({ hasText: 'This is not the answer.' }).waitFor()
  expect(await field.evaluate((each) => each.matches(':focus'))).toBe(true)
  await field.fill(`'${JSON.stringify(ANSWER)}'`)
  await scripted.button('Send the answer').click()
  await page.getByRole('alert').filter({ hasText: 'This is not the answer of a passkey' }).waitFor()
  await scripted.button('Send the answer').click()
  await page.getByRole('heading', { name: 'Waiting for the phone' }).waitFor()
  await expect
    .poll(() =>
      page.getByRole('heading', { name: 'Waiting for the phone' }).evaluate((each) => each.matches(':focus')),
    )
    .toBe(true)
  await page.getByText(/Expires in 1:[45]\d/).waitFor()

  const code = { passkey: asked('code', 120, { code: 'ZDETSM4S' }) }
  daemon.publish('account.status', account('passkey_required', 'passkey_code', code))
  await page.getByText('ZDET-SM4S').waitFor()
  await page.getByText('Code: Z D E T S M 4 S').waitFor({ state: 'attached' })
  await scripted.button('It matches').click()
  await page.getByRole('heading', { name: 'WhatsApp finishes the link' }).waitFor()
  expect(scripted.complaints).toEqual([])
})

test('what to sign comes with the event, is signed for WhatsApp alone, and goes with the ceremony', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const challenge = asked('challenge', 600)
  scripted.show({ accounts: [account('passkey_required', 'passkey_required', { passkey: challenge })] })
  await scripted.open()
  await page.getByRole('heading', { name: 'WhatsApp asks for your passkey' }).waitFor()
  expect(await page.getByRole('link', { name: 'Open WhatsApp Web' }).count()).toBe(0)
  const foreign = { ...challenge, account: 'default', options: { ...OPTIONS, rpId: 'example.com' } }
  daemon.publish('account.passkey', foreign)
  await page.getByText('This request is not for a passkey of WhatsApp.').waitFor()
  daemon.publish('account.passkey', { ...foreign, options: OPTIONS })
  await page.getByRole('link', { name: 'Open WhatsApp Web' }).waitFor()
  await page.getByRole('textbox', { name: 'Paste the answer here' }).fill('of this attempt')
  const anew = { ...challenge, ceremonyId: 'two' }
  daemon.publish('account.status', account('passkey_required', 'passkey_required', { passkey: anew }))
  daemon.publish('account.passkey', { ...anew, account: 'default', options: OPTIONS })
  await expect.poll(() => page.getByRole('textbox', { name: 'Paste the answer here' }).inputValue()).toBe('')
  daemon.publish('account.status', account('passkey_required', 'passkey_timed_out'))
  await page.getByText('Nobody signed with the passkey in time').waitFor()
  await scripted.button('Try again').waitFor()
  expect(await page.getByRole('textbox', { name: 'The line for the console' }).count()).toBe(0)
})

test('a line can be copied, also where the clipboard is closed', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const challenge = asked('challenge', 600)
  scripted.show({
    accounts: [account('passkey_required', 'passkey_required', { passkey: challenge })],
    passkeys: [{ ...challenge, account: 'default', options: OPTIONS }],
  })
  await scripted.open()
  const origin = { origin: daemon.origin }
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], origin)
  await page.getByRole('button', { name: 'Copy: The line that copies the answer' }).click()
  await page.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('copy(whatsappdAnswer)')
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))))
  await page.getByRole('button', { name: 'Copy: The line for the console' }).click()
  await expect
    .poll(() =>
      page
        .getByRole('textbox', { name: 'The line for the console' })
        .evaluate((each) => each instanceof HTMLInputElement && each.selectionEnd === each.value.length),
    )
    .toBe(true)
})

test('every way in which it can fail is told with what to do, and left by another try', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  await scripted.open()
  const codes = REASON_CODES.filter(
    (code) => code.startsWith('passkey_') && !['passkey_sent', 'passkey_code'].includes(code),
  )
  expect(codes.length).toBeGreaterThan(7)
  for (const code of codes) {
    const { message, action } = REASONS[code]
    daemon.publish('account.status', account('passkey_required', code))
    await page.getByText(message, { exact: true }).first().waitFor()
    expect(action, code).toBeTruthy()
    await page.getByText(action ?? '', { exact: true }).waitFor()
    await scripted.button('Try again').waitFor()
  }
  expect(scripted.complaints).toEqual([])
})

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { checkAssertion } from '../../src/simulator/linking/passkey/check-assertion.ts'
import { Passkey } from '../../src/simulator/linking/passkey/passkey.ts'
import { PasskeyBrowser } from './passkey-browser.ts'
import { button } from './states/stage.ts'

const CHALLENGE = Buffer.alloc(32, 7).toString('base64url')
const OPTIONS = { challenge: CHALLENGE, rpId: 'whatsapp.com', userVerification: 'required' }
const REQUEST = {
  v: 1,
  options: OPTIONS,
  daemon: 'dashboard.example',
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
}

let browser: PasskeyBrowser
let page: Page

beforeAll(async () => {
  browser = await PasskeyBrowser.start()
})
afterAll(() => browser.stop())
afterEach(() => page.close())

const address = (request: unknown): string =>
  `https://web.whatsapp.com/#whatsappd=${Buffer.from(JSON.stringify(request)).toString('base64url')}`

async function open(url: string): Promise<void> {
  page = await browser.context.newPage()
  await page.goto(url)
}

test('it signs what the address asks for, says for whom, and takes the request out of the address', async () => {
  const passkey = Passkey.create()
  page = await browser.context.newPage()
  await browser.giveAuthenticator(page, passkey)
  await page.goto(address(REQUEST))
  await page.getByRole('dialog', { name: 'Sign with your passkey?' }).waitFor()
  await page.getByText('dashboard.example').first().waitFor()
  expect(page.url()).toBe('https://web.whatsapp.com/')
  // A script of the page is not a person.
  await page.evaluate(() =>
    document.querySelector('whatsappd-passkey')?.shadowRoot?.querySelector('button')?.click(),
  )
  await page.getByRole('dialog', { name: 'Sign with your passkey?' }).waitFor()
  await page.keyboard.press('Enter')
  const answer = await page.getByRole('textbox', { name: 'The answer' }).inputValue()
  const signed = checkAssertion({
    assertion: Buffer.from(answer),
    credentialId: passkey.credentialId,
    passkeys: [passkey],
    takes: (challenge) => challenge === CHALLENGE,
  })
  expect(signed).toBe(passkey)
  await page.goBack()
  expect(page.url()).not.toContain('whatsappd=')
})

test('it takes a request that comes to a page that is open already', async () => {
  await open('https://web.whatsapp.com/')
  expect(await page.locator('whatsappd-passkey').count()).toBe(0)
  await page.evaluate((url) => (location.hash = new URL(url).hash), address(REQUEST))
  await page.getByRole('dialog', { name: 'Sign with your passkey?' }).waitFor()
  expect(page.url()).toBe('https://web.whatsapp.com/')
  await button(page, 'Cancel').click()
  expect(await page.locator('whatsappd-passkey').count()).toBe(0)
})

test('it is styled without what Firefox keeps from it, and names a host of any length', async () => {
  const daemon = `${'sandbox-'.repeat(20)}.example:8443`
  await open(address({ ...REQUEST, daemon }))
  await page.getByText(daemon).first().waitFor()
  const styles = await page.evaluate(() => {
    const root = document.querySelector('whatsappd-passkey')?.shadowRoot
    const section = root?.querySelector('section')
    return [root?.adoptedStyleSheets.length, section && getComputedStyle(section).borderRadius]
  })
  expect(styles).toEqual([0, '12px'])
})

test.each([
  [
    'another relying party',
    { ...REQUEST, options: { ...OPTIONS, rpId: 'example.com' } },
    'not a request for a passkey of WhatsApp',
  ],
  [
    'no relying party',
    { ...REQUEST, options: { challenge: CHALLENGE } },
    'not a request for a passkey of WhatsApp',
  ],
  ['another version', { ...REQUEST, v: 2 }, 'needs another version of the extension'],
  ['no name', { ...REQUEST, daemon: undefined }, 'does not say for which whatsappd'],
  ['a sentence as a name', { ...REQUEST, daemon: 'your bank, trust it' }, 'does not say for which whatsappd'],
  ['a time that is over', { ...REQUEST, expiresAt: '2026-01-01T00:00:00.000Z' }, 'This request is over'],
  ['nothing', null, 'needs another version'],
])('it refuses a request with %s, and signs nothing', async (_, request, reason) => {
  await open(address(request))
  await page.getByRole('dialog', { name: 'Nothing was signed' }).waitFor()
  await page.getByText(reason).waitFor()
  expect(await button(page, 'Sign with passkey').count()).toBe(0)
  expect(page.url()).toBe('https://web.whatsapp.com/')
})

test.each(['', '%7B', 'bm9uc2Vuc2U', 'é'])('it refuses a damaged address: %s', async (carried) => {
  await open(`https://web.whatsapp.com/#whatsappd=${carried}`)
  await page.getByText('The address is damaged.').waitFor()
  expect(page.url()).toBe('https://web.whatsapp.com/')
})

test('it says why a browser does not sign, and lets the person try again', async () => {
  page = await browser.context.newPage()
  await browser.giveAuthenticator(page, Passkey.create(), false)
  await page.goto(address({ ...REQUEST, options: { ...OPTIONS, timeout: 500 } }))
  await button(page, 'Sign with passkey').click()
  await page.getByText('The browser did not sign: it was cancelled').waitFor()
  await button(page, 'Try again').click()
  await page.getByText('The browser did not sign: it was cancelled').waitFor()
})

test('it adds nothing to other pages of WhatsApp Web, and hears no request there', async () => {
  await open('https://web.whatsapp.com/')
  const asked = await page.evaluate((options) => {
    let calls = 0
    navigator.credentials.get = async () => (calls++, null)
    window.dispatchEvent(new CustomEvent('whatsappd-sign', { detail: JSON.stringify(options) }))
    return calls
  }, OPTIONS)
  expect(asked).toBe(0)
  expect(await page.locator('whatsappd-passkey').count()).toBe(0)
})

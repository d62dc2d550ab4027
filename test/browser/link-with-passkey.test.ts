import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Passkey } from '../../src/simulator/linking/passkey/passkey.ts'
import { OWNER, Stack, type StackOptions } from '../support/stack.ts'
import { BrowserConsole, PasskeyBrowser } from './passkey-browser.ts'
import { button } from './states/stage.ts'

let browser: PasskeyBrowser
let stack: Stack

beforeAll(async () => {
  browser = await PasskeyBrowser.start()
})
afterAll(() => browser.stop())
afterEach(async () => {
  for (const page of browser.context.pages()) await page.goto('about:blank')
  await stack.stop()
})

/** The card of a daemon whose owner has a passkey. */
async function openCard(options: StackOptions = {}): Promise<Page> {
  stack = await Stack.start(options)
  stack.owner.passkeys.create()
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stack.url })
  const page = await browser.context.newPage()
  await page.goto(stack.daemon.newLoginLink())
  await page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
  return page
}

async function scanQr(card: Page): Promise<void> {
  await button(card, 'Generate QR code').click()
  const offer = await stack.until('a QR', () => stack.accounts.offers().find(({ method }) => method === 'qr'))
  if (offer.method === 'qr') stack.owner.scan(offer.qr).catch(() => {})
  await card.getByRole('heading', { name: 'WhatsApp asks for your passkey' }).waitFor()
}

async function enterPairingCode(card: Page): Promise<void> {
  await button(card, 'Link with phone number instead').click()
  await card.getByRole('textbox').fill(OWNER)
  await button(card, 'Get code').click()
  const offer = await stack.until('a code', () =>
    stack.accounts.offers().find(({ method }) => method === 'code'),
  )
  await expect.poll(() => stack.owner.isAskedForCode).toBe(true)
  if (offer.method === 'code') stack.owner.enterCode(offer.code).catch(() => {})
  await card.getByRole('heading', { name: 'WhatsApp asks for your passkey' }).waitFor()
}

const passkeyOfOwner = (): Passkey | null => stack.owner.passkeys.all[0] ?? null

/** By the extension, to the clipboard. */
async function signWithExtension(card: Page): Promise<void> {
  const web = await browser.follow(card, 'Open WhatsApp Web')
  await browser.giveAuthenticator(web, passkeyOfOwner())
  expect(web.url()).toBe('https://web.whatsapp.com/')
  await web.getByText(`whatsappd on ${new URL(stack.url).host}`).waitFor()
  await button(web, 'Sign with passkey').click()
  await web.getByRole('dialog', { name: 'Signed' }).waitFor()
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin: 'https://web.whatsapp.com',
  })
  await button(web, 'Copy the answer').click()
  await button(web, 'Copied').waitFor()
  await web.close()
  await card.bringToFront()
  await card.getByRole('textbox', { name: 'Paste the answer here' }).press('Control+V')
  await button(card, 'Send the answer').click()
}

/** By the lines of the card, in the console of a page that was opened by hand. */
async function signWithScript(card: Page): Promise<void> {
  const line = (name: string): Promise<string> => card.getByRole('textbox', { name }).inputValue()
  const web = await browser.openWhatsAppWeb()
  const console = new BrowserConsole(await browser.giveAuthenticator(web, passkeyOfOwner()))
  await console.run(await line('The line for the console'))
  const answer = await console.copied(await line('The line that copies the answer'))
  await web.close()
  await card.bringToFront()
  await card.getByRole('textbox', { name: 'Paste the answer here' }).fill(answer)
  await button(card, 'Send the answer').click()
}

async function compareCodes(card: Page): Promise<void> {
  await card.getByRole('heading', { name: 'Compare the codes' }).waitFor()
  const onPhone = await stack.until('a code on the phone', () => stack.owner.passkeys.ceremony?.code)
  await card.getByText(onPhone, { exact: true }).waitFor()
  await button(card, 'It matches').click()
}

const LATE: StackOptions = { timings: { passkey: { proofMs: 0 } } }

test.each([
  ['QR, by the extension', scanQr, signWithExtension, {}],
  ['QR, by the script, and a code to compare', scanQr, signWithScript, LATE],
  ['pairing code, by the script', enterPairingCode, signWithScript, {}],
  ['pairing code, by the extension, and a code to compare', enterPairingCode, signWithExtension, LATE],
] as const)('a link with a passkey by %s answers people', async (_, begin, sign, options) => {
  const card = await openCard(options)
  await begin(card)
  await sign(card)
  if (options === LATE) await compareCodes(card)
  await stack.untilState('connected')
  await card.getByText('Connected', { exact: true }).waitFor()
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
})

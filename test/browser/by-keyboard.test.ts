import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ALICE, MALLORY } from '../support/stack.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { Stage } from './states/stage.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('everything can be done with the keyboard alone', async () => {
  const agents = { agents: { ada: { connector: 'echo' }, grace: { connector: 'echo' } }, defaultAgent: 'ada' }
  const stage = await Stage.start(browser, { allowFrom: [], channel: agents })
  onTestFinished(() => stage.stop())
  const { stack } = stage
  const page = await stage.open()
  const keyboard = new Keyboard(page)
  const focused = (name: string): Promise<void> => expect.poll(() => keyboard.focused()).toBe(name)
  const channel = () =>
    (JSON.parse(stack.readConfig()) as { channels: { whatsapp: object } }).channels.whatsapp

  await keyboard.tabTo('Who may talk to the assistant?')
  await page.keyboard.type('0151 1234567')
  await page.keyboard.press('Enter')
  await page.getByText('Begin with + and the country code.').waitFor()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(ALICE)
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: ALICE }).waitFor()

  await keyboard.press('Generate QR code')
  await page.getByText(/Expires in/).waitFor()
  await keyboard.press('Link with phone number instead')
  await focused('Phone number of the WhatsApp account to link')
  await keyboard.press('Use a QR code instead')
  const { qr } = await stack.qr()
  await stack.owner.scan(qr)
  await page.getByText('WhatsApp is connected.').waitFor()

  await keyboard.press('Edit allowed numbers')
  await focused('Add a number')
  await page.keyboard.type(MALLORY)
  await page.keyboard.press('Enter')
  await keyboard.press(`Remove ${ALICE}`)
  await keyboard.press('Save')
  await focused('Edit allowed numbers')
  expect(channel()).toMatchObject({ allowFrom: [MALLORY] })

  await keyboard.press('Settings')
  await keyboard.tabTo('Default agent')
  await page.keyboard.press('ArrowDown')
  await expect.poll(channel).toMatchObject({ defaultAgent: 'grace' })
  await keyboard.press('Read receipts', 'Space')
  await expect.poll(channel).toMatchObject({ sendReadReceipts: false })
  await focused('Read receipts')

  await keyboard.press('Allow everybody', 'Space')
  await focused('Keep')
  await page.keyboard.press('Escape')
  await focused('Allow everybody')
  await page.keyboard.press('Space')
  await keyboard.press('Yes, allow everybody')
  await page.getByText('Everybody who writes to this number gets answers.').waitFor()
  expect(channel()).toMatchObject({ dmPolicy: 'open', allowFrom: [MALLORY, '*'] })
  await keyboard.press('Allow everybody', 'Space')
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
  expect(channel()).toMatchObject({ dmPolicy: 'allowlist', allowFrom: [MALLORY] })

  await keyboard.press('Answer messages', 'Space')
  await page.getByText('This account is paused').waitFor()
  await keyboard.press('Answer messages', 'Space')
  await page.getByText('WhatsApp is connected.').waitFor()

  await keyboard.press('Disconnect')
  await focused('Keep')
  await page.keyboard.press('Enter')
  await focused('Disconnect')
  await page.keyboard.press('Enter')
  await keyboard.press('Yes, disconnect')
  await page.getByText('The account was disconnected').waitFor()
  expect(stage.errors).toEqual([])
})

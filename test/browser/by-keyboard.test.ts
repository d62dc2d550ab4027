import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ALICE, MALLORY } from '../support/stack.ts'
import { openBrowser } from './open-browser.ts'
import { Stage } from './states/stage.ts'

const MAX_TABS = 60

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** What has the focus, through every shadow root: by its label, its text or its tag. */
function focusedName(): string {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  const root = focused?.getRootNode()
  const labelledBy = focused?.getAttribute('aria-labelledby')
  const label = labelledBy && root instanceof ShadowRoot ? root.getElementById(labelledBy) : null
  const own =
    focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? focused.labels?.[0] : null
  const text = focused?.getAttribute('aria-label') ?? (label ?? own ?? focused)?.textContent ?? ''
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** Presses Tab until the focus is on `name`. */
async function tabTo(name: string): Promise<void> {
  const passed: string[] = []
  for (let tabs = 0; tabs < MAX_TABS; tabs++) {
    const focused = await page.evaluate(focusedName)
    if (focused === name) return
    passed.push(focused)
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way by Tab to "${name}"; passed ${[...new Set(passed)].join(', ')}`)
}

async function press(name: string, key = 'Enter'): Promise<void> {
  await tabTo(name)
  await page.keyboard.press(key)
}

test('everything can be done with the keyboard alone', { timeout: 120_000 }, async () => {
  const agents = { agents: { ada: { connector: 'echo' }, grace: { connector: 'echo' } }, defaultAgent: 'ada' }
  const stage = await Stage.start(browser, { allowFrom: [], channel: agents })
  onTestFinished(() => stage.stop())
  const { stack } = stage
  page = await stage.open()
  const focused = (name: string): Promise<void> =>
    expect.poll(() => page.evaluate(focusedName), { timeout: 10_000 }).toBe(name)
  const channel = () =>
    (JSON.parse(stack.readConfig()) as { channels: { whatsapp: object } }).channels.whatsapp

  await tabTo('Who may talk to the assistant?')
  await page.keyboard.type('0151 1234567')
  await page.keyboard.press('Enter')
  await page.getByText('Begin with + and the country code.').waitFor()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(ALICE)
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: ALICE }).waitFor()

  await press('Generate QR code')
  await page.getByText(/Expires in/).waitFor()
  await press('Link with phone number instead')
  await focused('Phone number of the WhatsApp account to link')
  await press('Use a QR code instead')
  const { qr } = await stack.qr()
  await stack.owner.scan(qr)
  await page.getByText('WhatsApp is connected.').waitFor()

  await press('Edit allowed numbers')
  await focused('Add a number')
  await page.keyboard.type(MALLORY)
  await page.keyboard.press('Enter')
  await press(`Remove ${ALICE}`)
  await press('Save')
  await focused('Edit allowed numbers')
  expect(channel()).toMatchObject({ allowFrom: [MALLORY] })

  await press('Settings')
  await tabTo('Default agent')
  await page.keyboard.press('ArrowDown')
  await expect.poll(channel).toMatchObject({ defaultAgent: 'grace' })
  await press('Read receipts', 'Space')
  await expect.poll(channel).toMatchObject({ sendReadReceipts: false })
  await focused('Read receipts')

  await press('Allow everybody', 'Space')
  await focused('Keep')
  await page.keyboard.press('Escape')
  await focused('Allow everybody')
  await page.keyboard.press('Space')
  await press('Yes, allow everybody')
  await page.getByText('Everybody who writes to this number gets answers.').waitFor()
  expect(channel()).toMatchObject({ dmPolicy: 'open', allowFrom: [MALLORY, '*'] })
  await press('Allow everybody', 'Space')
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
  expect(channel()).toMatchObject({ dmPolicy: 'allowlist', allowFrom: [MALLORY] })

  await press('Enabled', 'Space')
  await page.getByText('This account is paused').waitFor()
  await press('Enabled', 'Space')
  await page.getByText('WhatsApp is connected.').waitFor()

  await press('Disconnect')
  await focused('Keep')
  await page.keyboard.press('Enter')
  await focused('Disconnect')
  await page.keyboard.press('Enter')
  await press('Yes, disconnect')
  await page.getByText('The account was disconnected').waitFor()
  expect(stage.errors).toEqual([])
})

import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Template } from '../../../src/simulator/business/management/template.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE, MALLORY } from '../../support/stack.ts'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { openBrowser } from '../open-browser.ts'
import { openBusiness } from './open-business.ts'

const HOUR_MS = 3_600_000
/** Of the window, in which a panel that opens comes into sight. */
const HEIGHT = 560
const TEMPLATE: Pick<Template, 'name' | 'language' | 'components'> = {
  name: 'order_ready',
  language: 'en',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
    { type: 'BODY', text: 'Hello {{1}}, it is ready.', example: { body_text: [['Anna']] } },
    { type: 'FOOTER', text: 'Corner Shop, open from nine to five' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Thanks' }] },
  ],
}

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function openConversations(business: BusinessDaemon): Promise<{ page: Page; errors: string[] }> {
  const opened = await openBusiness(browser, business, { viewport: { width: 1_100, height: HEIGHT } })
  await opened.page.getByRole('tab', { name: 'Conversations' }).click()
  await opened.page.locator('whatsapp-conversations').waitFor()
  return opened
}

test(
  'the time to answer is shown; when it is over a template can be sent, by mouse and by keyboard',
  { timeout: 60_000 },
  async () => {
    let behindMs = 25 * HOUR_MS
    const business = await BusinessDaemon.start({
      allowFrom: [ALICE, MALLORY],
      platform: { now: () => Date.now() - behindMs },
    })
    onTestFinished(() => business.stop())
    const { alice, mallory, number, platform } = business
    platform.addTemplate(number, TEMPLATE)
    mallory.write(number, 'From yesterday')
    await business.untilEvent('message.received', ({ phoneNumber }) => phoneNumber === MALLORY)
    behindMs = 23.5 * HOUR_MS
    alice.write(number, 'Half an hour is left')
    await business.untilEvent('message.received', ({ phoneNumber }) => phoneNumber === ALICE)
    const { page, errors } = await openConversations(business)

    await page.getByRole('option').filter({ hasText: 'Alice' }).click()
    await page.getByText(/Replies for (?:30|29) mins more\./).waitFor()
    await page.getByText('WhatsApp may charge for each message that arrives.').waitFor()
    expect(await page.getByRole('button', { name: 'Send a template' }).count()).toBe(0)

    await page.getByRole('option').filter({ hasText: 'Mallory' }).click()
    await page.getByText('The time in which WhatsApp takes free texts is over.').waitFor()
    const box = page.getByRole('textbox', { name: 'Reply to Mallory' })
    expect(await box.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Send a template' }).click()
    await page.getByRole('button', { name: 'order_ready' }).click()
    // Without scrolling, whatever the template holds.
    const panel = await page.locator('.template').boundingBox()
    const send = page.getByRole('button', { name: 'Send the template' })
    const button = await send.boundingBox()
    const end = (button?.y ?? 0) + (button?.height ?? 0)
    expect(end).toBeLessThanOrEqual((panel?.y ?? 0) + (panel?.height ?? 0))
    expect(end).toBeLessThanOrEqual(HEIGHT)
    await page.getByRole('textbox', { name: 'Field 1 of the header' }).waitFor()
    await page.getByText('Example: Anna').waitFor()
    expect(
      await page.getByRole('textbox', { name: 'Field 1 of the body' }).getAttribute('aria-describedby'),
    ).toContain('example')
    await send.click()
    await page.getByText('This place needs a value.').first().waitFor()
    const fields = page.locator('.template input')
    for (const [index, value] of ['Mallory', 'Mallory'].entries())
      if (index < (await fields.count())) await fields.nth(index).fill(value)
    await page.locator('.template-preview').getByText('Hello Mallory, it is ready.').waitFor()
    await page.evaluate(AXE)
    expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null)))).toEqual([])
    await page.getByRole('button', { name: 'Send the template' }).click()
    await business.until('the template on the phone', () => mallory.seen(number).templates.length === 1)
    await page.getByText('Template: order_ready').waitFor()
    expect(await box.isDisabled()).toBe(true)

    await page.getByRole('button', { name: 'Send a template' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Send a template' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Send a template' }).waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'order_ready' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'order_ready' }).waitFor()
    for (const field of await fields.all()) {
      await field.focus()
      await page.keyboard.type('2')
    }
    await page.keyboard.press('Enter')
    await business.until('the second one', () => mallory.seen(number).templates.length === 2)

    behindMs = 0
    mallory.write(number, 'I am here again')
    await page.locator('[data-message]').filter({ hasText: 'I am here again' }).first().waitFor()
    await page.getByText(/Replies until .* tomorrow\./).waitFor()
    await box.fill('Welcome back')
    await box.press('Enter')
    await business.untilSeen(mallory, 'Welcome back')
    expect(errors).toEqual([])
  },
)

test('a person without a number is asked for it by one press', { timeout: 60_000 }, async () => {
  const business = await BusinessDaemon.start({ allowFrom: ['*'], channel: { dmPolicy: 'open' } })
  onTestFinished(() => business.stop())
  const { number, platform } = business
  const person = platform.addPerson({ name: 'Nora', username: 'nora.n' })
  platform.faults.hidesNumbers = true
  person.write(number, 'Hello')
  await business.untilEvent('message.received')
  const { page, errors } = await openConversations(business)
  await page.getByRole('option').filter({ hasText: 'Nora' }).click()
  await page.getByRole('button', { name: 'Ask for the number' }).click()
  await page.getByText('Asks for the phone number').waitFor()
  await business.untilSeen(person, /share your phone number/)
  expect(errors).toEqual([])
})

import type { AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { DemoProcess } from '../demo-process.ts'
import { focusedName, Keyboard } from '../keyboard.ts'
import { BROWSERS, openBrowser } from '../open-browser.ts'
import { READERS } from '../readers.ts'

// The story of the demo of WhatsApp Business, as a person would click through it; each test goes on where the one before ended.

describe.each(BROWSERS)('in %s', (browserName) => {
  let demo: DemoProcess
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    demo = new DemoProcess('--business')
    await demo.ready()
    browser = await openBrowser(browserName)
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
    page = await context.newPage()
    page.setDefaultTimeout(45_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
  })

  afterAll(async () => {
    demo.kill()
    await browser?.close()
  })

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true })
  const chatOf = (person: string): Locator => page.getByRole('log', { name: `Chat of ${person}` })
  const bubble = (person: string, direction: 'in' | 'out', text: string): Locator =>
    chatOf(person).locator(`.bubble.${direction}`).filter({ hasText: text })
  const fact = (term: string): Locator =>
    page
      .locator('dl > div')
      .filter({ has: page.getByText(term, { exact: true }) })
      .getByRole('definition')

  async function pickUp(person: string): Promise<void> {
    await button(person).click()
    await chatOf(person).waitFor()
  }

  async function write(person: string, text: string): Promise<void> {
    const field = page.getByRole('textbox', { name: `Message as ${person}` })
    await field.fill(text)
    await field.press('Enter')
    await bubble(person, 'out', text).waitFor()
    await expect.poll(() => field.evaluate((input) => input.matches(':focus'))).toBe(true)
  }

  const openTab = (name: 'Account' | 'Conversations'): Promise<void> =>
    page.getByRole('tab', { name }).click()

  /** Beside the phones the conversations are as narrow as on one: a conversation covers their list. */
  async function openChat(person: string): Promise<void> {
    await button('Back to the conversations').click()
    await page.getByRole('option').filter({ hasText: person }).click()
  }

  test('the number is connected from the start, and nothing is there to be scanned', async () => {
    await page.goto(demo.pageLink)
    await page.getByText('The channel is active.').waitFor()
    await page.getByText('also runs in the WhatsApp Business app').waitFor()
    expect(await fact('Quality').textContent()).toContain('good')
    for (const name of ['Generate QR code', 'Scan the QR code', 'Remove device'])
      expect(await button(name).count(), name).toBe(0)
  })

  test('an allowed person gets an answer, with read ticks, and the owner sees it in the Business app', async () => {
    await write('Alice', 'Hello there')
    await bubble('Alice', 'in', 'Hello there').waitFor()
    await bubble('Alice', 'out', 'Hello there').getByRole('img', { name: 'read', exact: true }).waitFor()
    await page.getByRole('list', { name: 'Chats' }).getByRole('button', { name: 'Alice' }).waitFor()
  })

  test('a picture and a file come from the business, and what a person sends is fetched and described', async () => {
    await write('Alice', 'a picture please')
    const picture = chatOf('Alice').locator('.bubble.in img.image')
    await picture.waitFor()
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(99)
    await write('Alice', 'and a file')
    await chatOf('Alice').locator('.bubble.in').getByRole('link', { name: 'menu.txt' }).waitFor()
    for (const [choice, shown, described] of [
      ['Sample photo', 'img.image', 'You sent a photo'],
      ['Sample voice note', 'audio', 'You sent a voice'],
      ['Sample document', 'a.file', 'You sent a document'],
    ] as const) {
      await expect
        .poll(async () => {
          if (!(await button(choice).isVisible())) await button('Attach as Alice').press('Enter')
          return button(choice).isVisible()
        })
        .toBe(true)
      await button(choice).press('Enter')
      await chatOf('Alice').locator(`.bubble.out ${shown}`).waitFor()
      await bubble('Alice', 'in', described).waitFor()
      // Not on the first file of the chat, which the next Enter would open.
      await expect.poll(() => page.evaluate(focusedName), { message: choice }).toBe('Attach as Alice')
    }
  })

  test('a stranger is not answered until "Allow" is pressed; one without a number is asked for it', async () => {
    await pickUp('Mallory')
    await write('Mallory', 'Let me in')
    await button(/^Allow \+/).click()
    await button(/^Allow \+/).waitFor({ state: 'hidden' })
    await write('Mallory', 'And now?')
    await bubble('Mallory', 'in', 'And now?').waitFor()
    await pickUp('Carla')
    await write('Carla', 'Hello from me')
    await button(/^Allow Carla/).click()
    await button(/^Allow Carla/).waitFor({ state: 'hidden' })
    await write('Carla', 'Once more')
    await bubble('Carla', 'in', 'Once more').waitFor()
    await openTab('Conversations')
    await page.getByRole('option').filter({ hasText: 'Carla' }).click()
    await button('Ask for the number').click()
    await button('Share my number').click()
    await bubble('Carla', 'out', '+1555').waitFor()
  })

  test('the owner answers by hand in the Business app, and the assistant stands back there', async () => {
    await page.getByRole('list', { name: 'Chats' }).getByRole('button', { name: 'Mallory' }).click()
    const field = page.getByRole('textbox', { name: 'Message as Corner Shop' })
    await field.fill('I take over')
    await field.press('Enter')
    await pickUp('Mallory')
    await bubble('Mallory', 'in', 'I take over').waitFor()
    await openChat('Mallory')
    await page.getByText('The assistant is paused here.').waitFor()
  })

  test('a day later only a template reaches a person, until they write again', async () => {
    await openChat('Alice')
    await page.getByRole('textbox', { name: 'Reply to Alice' }).waitFor()
    await button('Let a day pass').click()
    await page.getByText('The clock is 24 hours ahead.').waitFor()
    await page.getByText('The time in which WhatsApp takes free texts is over.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Reply to Alice' }).isDisabled()).toBe(true)
    await button('Send a template').click()
    await page.getByRole('button', { name: 'order_on_its_way' }).click()
    const fields = page.locator('.template input')
    await fields.nth(0).fill('Alice')
    await fields.nth(1).fill('4711')
    await button('Send the template').click()
    await pickUp('Alice')
    await bubble('Alice', 'in', 'Hello Alice, your order 4711 is on its way.').waitFor()
    await write('Alice', 'Thank you')
    await expect.poll(() => page.getByRole('textbox', { name: 'Reply to Alice' }).isEnabled()).toBe(true)
  })

  test('a webhook that nobody signed is refused, and the card says so', async () => {
    await openTab('Account')
    const { origin } = new URL(page.url())
    const posted = await fetch(`${origin}/webhooks/whatsapp/default`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ object: 'whatsapp_business_account', entry: [] }),
    })
    expect(posted.status).toBe(401)
    await expect.poll(() => fact('Refused webhooks').textContent()).toContain('1')
  })

  test.runIf(browserName === 'chromium')(
    'it fits every screen, and axe finds nothing, light, dark and forced',
    async () => {
      await page.evaluate(AXE)
      for (const tab of ['Account', 'Conversations'] as const) {
        await openTab(tab)
        if (tab === 'Conversations') await page.getByRole('option').filter({ hasText: 'Alice' }).click()
        for (const width of [1280, 640, 320])
          for (const { name, dir, ...media } of READERS) {
            await page.setViewportSize({ width, height: 900 })
            await page.emulateMedia(media)
            await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
            const where = `${tab} ${width} ${name}`
            expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBe(width)
            expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null))), where).toEqual([])
          }
      }
      await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
      await page.evaluate(() => (document.documentElement.dir = 'ltr'))
      await page.setViewportSize({ width: 1280, height: 900 })
    },
  )

  test('a person with a keyboard alone writes, lets a day pass and chooses whose phone it is', async () => {
    await openTab('Account')
    const keyboard = new Keyboard(page)
    await page.getByRole('tab', { name: 'Account' }).focus()
    await keyboard.press('Let a day pass')
    await page.getByText('The clock is 48 hours ahead.').waitFor()
    await keyboard.press('Carla')
    await chatOf('Carla').waitFor()
    expect(await page.evaluate(focusedName)).toBe('Carla')
    await page.getByRole('textbox', { name: 'Message as Carla' }).focus()
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await bubble('Carla', 'out', 'By keyboard').waitFor()
    await bubble('Carla', 'in', 'By keyboard').waitFor()
  })

  test('Ctrl-C ends it, and the page had no error', async () => {
    expect(complaints).toEqual([])
    expect(await demo.interrupt()).toBe(0)
    await page.getByText('The daemon is offline.').waitFor()
  })
})

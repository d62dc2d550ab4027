import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { AXE, axeComplaints, axeRun } from './axe.ts'
import { DemoProcess } from './demo-process.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'

// The demo's whole story, as a person would click through it; each test goes on where the one before ended.

const BOB = '+15555550177'

describe.each(BROWSERS)('in %s', (browserName) => {
  let demo: DemoProcess
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    demo = new DemoProcess()
    await demo.ready()
    browser = await openBrowser(browserName)
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    page.setDefaultTimeout(45_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  })

  afterAll(async () => {
    demo.kill()
    await browser?.close()
  })

  function button(name: string | RegExp): Locator {
    return page.getByRole('button', { name, exact: true })
  }

  function chatOf(person: string): Locator {
    return page.getByRole('log', { name: `Chat of ${person}` })
  }

  function bubble(person: string, direction: 'in' | 'out', text: string): Locator {
    return chatOf(person).locator(`.bubble.${direction}`).filter({ hasText: text })
  }

  async function pickUp(person: string): Promise<void> {
    await button(person).click()
    await chatOf(person).waitFor()
  }

  async function write(person: string, text: string): Promise<void> {
    const field = page.getByRole('textbox', { name: `Message as ${person}` })
    await field.fill(text)
    await field.press('Enter')
    await bubble(person, 'out', text).waitFor()
    // For the next message.
    await expect.poll(() => field.evaluate((input) => input.matches(':focus'))).toBe(true)
  }

  /** What the owner's phone does when it has a passkey, and what a person carries to the card. */
  async function signWithPasskey(): Promise<void> {
    await button('Scan the QR code').click()
    await page.getByRole('heading', { name: 'WhatsApp asks for your passkey' }).waitFor()
    await button('Sign with the passkey').click()
    const answer = await page.getByRole('textbox', { name: 'The answer, to be copied' }).inputValue()
    await page.getByRole('textbox', { name: 'Paste the answer here' }).fill(answer)
    await button('Send the answer').click()
    await page.getByText('WhatsApp is connected.').waitFor()
  }

  async function scan(): Promise<void> {
    await page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' }).waitFor()
    await button('Scan the QR code').click()
    await page.getByText('WhatsApp is connected.').waitFor()
  }

  /** What only a phone sees: the ticks of its message, anything that came in, "typing…". */
  async function expectSilence(person: string, text: string): Promise<void> {
    await bubble(person, 'out', text).getByRole('img', { name: 'delivered' }).waitFor()
    expect(await chatOf(person).locator('.bubble.in').count()).toBe(0)
    expect(await bubble(person, 'out', text).getByRole('img', { name: 'read', exact: true }).count()).toBe(0)
  }

  test('the printed link opens the page, with nothing linked yet', async () => {
    await page.goto(demo.pageLink)
    await page.getByText('Not connected', { exact: true }).waitFor()
    expect(page.url()).not.toContain('code=')
    expect(await button('Generate QR code').isEnabled()).toBe(true)
    expect(await button('Scan the QR code').isDisabled()).toBe(true)
  })

  test('scanning with the phone leads to connected', async () => {
    await button('Generate QR code').click()
    await page.getByText(/Expires in/).waitFor()
    await scan()
    await page.getByText('Connected', { exact: true }).waitFor()
    await page.getByText(/Active now/).waitFor()
  })

  test('an allowed contact gets an answer, with read ticks', async () => {
    await write('Alice', 'Hello there')
    await bubble('Alice', 'in', 'Hello there').waitFor()
    await bubble('Alice', 'out', 'Hello there').getByRole('img', { name: 'read', exact: true }).waitFor()
  })

  test('files, a place and a poll are sent and shown, and a person votes', async () => {
    for (const [choice, shown] of [
      ['Sample photo', 'img.image'],
      ['Sample voice note', 'audio'],
      ['Sample document', 'a.file'],
      ['Location', 'span.file'],
    ] as const) {
      // The list closes by itself where the focus goes elsewhere, such as to a message that comes.
      await expect
        .poll(async () => {
          if (!(await button(choice).isVisible())) await button('Attach as Alice').press('Enter')
          return button(choice).isVisible()
        })
        .toBe(true)
      await button(choice).press('Enter')
      await chatOf('Alice').locator(`.bubble.out ${shown}`).waitFor()
      await button(choice).waitFor({ state: 'hidden' })
    }
    const photo = chatOf('Alice').getByRole('img', { name: 'Photo' })
    await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(640)
    const voice = chatOf('Alice').locator('.bubble.out audio')
    await expect.poll(() => voice.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(2, 0)
    expect(await chatOf('Alice').getByRole('link', { name: 'shopping.txt' }).getAttribute('download')).toBe(
      'shopping.txt',
    )
    await bubble('Alice', 'in', 'You sent a photo').waitFor()

    await page.evaluate(async () => {
      const { phones } = await (await fetch('/simulator/state')).json()
      const numberOf = (name: string) =>
        phones.find((phone: { name: string }) => phone.name === name).phoneNumber
      const card = { kind: 'poll', question: 'Lunch?', options: ['soup', 'salad'], choices: 1 }
      const body = JSON.stringify({ to: numberOf('Owner'), card })
      await fetch(`/simulator/phones/${numberOf('Alice')}/cards`, { method: 'POST', body })
    })
    await button('salad 0').click()
    await button('salad 1').waitFor()
    await button('soup 0').click()
    await button('salad 0').waitFor()
    await button('Attach as Alice').click()
    await page.evaluate(AXE)
    expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null)))).toEqual([])
    await button('Attach as Alice').click()
  })

  test('a stranger gets nothing, and "Allow" in the card lets them in without a reconnect', async () => {
    const printed = demo.output.length
    await pickUp('Mallory')
    await write('Mallory', 'Let me in')
    await button(/^Allow \+/).waitFor()
    await expectSilence('Mallory', 'Let me in')
    // An answer to somebody else that was written later has come: nothing is still on its way to the stranger.
    await pickUp('Alice')
    await write('Alice', 'Still there?')
    await bubble('Alice', 'in', 'Still there?').waitFor()
    await pickUp('Mallory')
    await expectSilence('Mallory', 'Let me in')
    await button(/^Allow \+/).click()
    await button(/^Allow \+/).waitFor({ state: 'hidden' })
    await write('Mallory', 'And now?')
    await bubble('Mallory', 'in', 'And now?').waitFor()
    expect(demo.printedSince(printed)).toBe('')
  })

  test('a number that is added in an editor is let in without a reconnect', async () => {
    const printed = demo.output.length
    const answer = await page.evaluate(async (phoneNumber) => {
      const body = JSON.stringify({ phoneNumber, name: 'Bob' })
      return (await fetch('/simulator/phones', { method: 'POST', body })).status
    }, BOB)
    expect(answer).toBe(201)
    await pickUp('Bob')
    await write('Bob', 'Hello?')
    await button(`Allow ${BOB}`).waitFor()
    await expectSilence('Bob', 'Hello?')
    const text = readFileSync(demo.configPath, 'utf8')
    writeFileSync(demo.configPath, text.replace(/(allowFrom:\s*\[)/, `$1'${BOB}', `))
    await page.getByRole('listitem').filter({ hasText: BOB }).first().waitFor()
    await button(`Allow ${BOB}`).waitFor({ state: 'hidden' })
    await write('Bob', 'It is me')
    await bubble('Bob', 'in', 'It is me').waitFor()
    expect(demo.printedSince(printed)).not.toMatch(/reconnecting|connecting|logged out/)
  })

  test('a broken save is shown with its place, and nobody new gets in until it is mended', async () => {
    const text = readFileSync(demo.configPath, 'utf8')
    writeFileSync(demo.configPath, text.replace(/(allowFrom:\s*\[)/, "$1'*', "))
    await page.getByText('The config file has a problem.').waitFor()
    await page.getByText(/^channels\.whatsapp\.allowFrom\[0\] · line \d+, column \d+$/).waitFor()
    writeFileSync(demo.configPath, text)
    await page.getByText('The config file has a problem.').waitFor({ state: 'hidden' })
  })

  test('removing the device on the phone shows logged out, with a way back', async () => {
    await button('Remove device').click()
    await page.getByText('Logged out', { exact: true }).waitFor()
    await page.getByText('The phone removed this device').waitFor()
    await button('Link again').click()
    await scan()
    await pickUp('Alice')
    await write('Alice', 'Welcome back')
    await bubble('Alice', 'in', 'Welcome back').waitFor()
  })

  test('disconnecting from the card removes the device from the phone', async () => {
    await button('Disconnect').click()
    await button('Yes, disconnect').click()
    await page.getByText('The account was disconnected').waitFor()
    await button('Remove device').waitFor({ state: 'hidden' })
  })

  test('a phone with a passkey demands it, signs, and is linked', async () => {
    await button('Give this account a passkey').click()
    await button('Remove the passkey').waitFor()
    await button('Generate QR code').click()
    await page.getByText(/Expires in/).waitFor()
    await signWithPasskey()
    await button('Remove the passkey').click()
    await button('Give this account a passkey').waitFor()
    await button('Remove device').click()
    await page.getByText('Logged out', { exact: true }).waitFor()
  })

  test('linking with a pairing code leads to answers too', async () => {
    await button('Link with phone number instead').click()
    const owner = await page.locator('simulated-phone').first().locator('.bar .number').textContent()
    const field = page.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' })
    await field.fill(owner ?? '')
    await field.press('Enter')
    const code = await page.locator('whatsapp-card .code').textContent()
    await page.getByRole('textbox', { name: 'Enter the code from the card' }).fill(code ?? '')
    await button('Link with code').click()
    await page.getByText('WhatsApp is connected.').waitFor()
    await write('Alice', 'By code')
    await bubble('Alice', 'in', 'By code').waitFor()
  })

  test('Ctrl-C ends it and leaves nothing behind, and the page had no error', async () => {
    expect(complaints).toEqual([])
    expect(await demo.interrupt()).toBe(0)
    expect(existsSync(dirname(demo.configPath))).toBe(false)
    await page.getByText('The daemon is offline.').waitFor()
  })
})

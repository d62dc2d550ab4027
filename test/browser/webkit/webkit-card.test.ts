import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Snapshot } from '../../../src/protocol/methods/session.ts'
import type { ScriptedDaemon } from '../../unit/client/scripted-daemon.ts'
import { account, configView, connectedAccount } from '../account-fixture.ts'
import { LOGIN_CODE, startCardServer } from '../card-server.ts'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { serveHostPage } from '../host-page.ts'
import { SCRIPTED_VIEWS } from '../scripted-views.ts'
import { WebKitDriver } from './webkit-driver.ts'
import { WebKitPage } from './webkit-page.ts'

// What WebKit does otherwise than the others: modal dialogs, the focus, the clipboard.

const BOB = '+15555550199'

const obstacle = WebKitDriver.obstacle()
if (obstacle !== null) console.warn(`no test in WebKit: ${obstacle}`)

describe.runIf(obstacle === null)('the card in WebKit', () => {
  const page = new WebKitPage()

  beforeAll(() => page.open())
  afterAll(() => page.close())

  async function open(facts: Partial<Snapshot>): Promise<ScriptedDaemon> {
    const daemon = await startCardServer()
    onTestFinished(() => daemon.stop())
    daemon.snapshot = {
      accounts: [account('unlinked', 'not_linked')],
      offers: [],
      config: configView(),
      blocked: [],
      ...facts,
    }
    await page.goto(`${daemon.origin}/#code=${LOGIN_CODE}`)
    await page.waitForText('Allowed numbers')
    return daemon
  }

  test.each([2, 60])(
    'the dialog with %i numbers is as high as what is in it, in the middle',
    async (count) => {
      const allowFrom = Array.from({ length: count }, (_, index) => String(15_555_550_100 + index))
      await open({ config: configView({ allowFrom: allowFrom.map((number) => `+${number}`) }) })
      await page.click('Edit allowed numbers')
      await page.waitForText('Changes apply immediately.')
      const { belowButtons, offCentre, buttonHeights } = await page.evaluate(measureDialog, null)
      // Padding and border; less where the list fills the window and the dialog scrolls.
      expect(belowButtons).toBeGreaterThanOrEqual(0)
      expect(belowButtons).toBeLessThanOrEqual(25)
      expect(Math.abs(offCentre)).toBeLessThanOrEqual(1)
      expect(buttonHeights).toEqual([42, 42])
    },
  )

  test('the dialog takes the focus, does with the keyboard what it does elsewhere, and gives the focus back', async () => {
    const daemon = await open({})
    const saved = daemon.nextRequest('config.setAllowFrom')
    daemon.handlers['config.setAllowFrom'] = ({ allowFrom }) => ({ revision: 'r2', allowFrom })
    await page.click('Edit allowed numbers')
    await page.waitForFocus('Add a number')
    await page.type(BOB)
    await page.press('Enter')
    await page.waitForText(BOB)
    await page.waitForFocus('Add a number')
    await page.press('Escape')
    await page.waitForFocus('Edit allowed numbers')
    await page.press('Enter')
    await page.waitForFocus('Add a number')
    await page.type(BOB)
    await page.press('Enter')
    await page.click('Save')
    await saved
    await page.waitForFocus('Edit allowed numbers')
  })

  test.each(Object.entries(SCRIPTED_VIEWS))('axe has nothing to complain of: %s', async (_name, facts) => {
    await open(facts)
    await page.run(AXE)
    for (const scheme of ['light', 'dark']) {
      await page.evaluate((colours) => (document.documentElement.style.colorScheme = colours), scheme)
      expect(axeComplaints(await page.evaluateLater<AxeResults>(axeRun(null))), scheme).toEqual([])
    }
  })

  test('in a sandboxed page on a dialog of its own Enter adds, and Escape ends one thing after the other', async () => {
    const daemon = await serveHostPage({
      body: '<dialog>CARD</dialog>',
      script: "document.querySelector('dialog').showModal(); findCard().token = TOKEN",
      headers: {
        'Content-Security-Policy':
          "sandbox allow-scripts; require-trusted-types-for 'script'; trusted-types 'none'",
      },
    })
    const added = daemon.nextRequest('config.addAllowFrom')
    daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => ({ revision: 'r2', allowFrom })
    daemon.snapshot = {
      accounts: [connectedAccount()],
      offers: [],
      config: configView({ allowFrom: [] }),
      blocked: [],
    }
    await page.goto(`${daemon.origin}/host`)
    await page.click('Who may talk to the assistant?')
    await page.type(BOB)
    await page.press('Enter')
    await added
    await page.click('Edit allowed numbers')
    await page.waitForFocus('Add a number')
    await page.press('Escape')
    await page.waitForFocus('Edit allowed numbers')
    expect(await page.evaluate(isDialogOpen, null)).toBe(true)
    await page.press('Escape')
    expect(await page.evaluate(isDialogOpen, null)).toBe(false)
  })

  test('a question takes the focus, and Escape gives it back', async () => {
    await open({ accounts: [connectedAccount()] })
    await page.click('Disconnect')
    await page.waitForFocus('Keep')
    await page.press('Escape')
    await page.waitForFocus('Disconnect')
  })

  test('"Allow" leads to the next person, and from the last one to a heading', async () => {
    const people = [BOB, '+15555550198']
    const daemon = await open({
      accounts: [connectedAccount()],
      blocked: people.map((phoneNumber) => ({
        account: 'default',
        phoneNumber,
        name: null,
        reason: 'not_allowed',
        at: new Date().toISOString(),
      })),
    })
    const allowed: string[] = []
    daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => {
      allowed.push(...allowFrom)
      return { revision: `r${allowed.length}`, allowFrom: [...allowed] }
    }
    await page.tabTo(`Allow ${people[0]}`)
    await page.press('Enter')
    await page.waitForFocus(`Allow ${people[1]}`)
    await page.press('Enter')
    await page.waitForFocus('WhatsApp')
    expect(allowed).toEqual(people)
  })

  test('what is copied can be pasted, and is said for three seconds', async () => {
    await open({ accounts: [connectedAccount()] })
    await page.click('Share this number')
    await page.click('Copy link')
    await page.waitForText('Copied')
    const start = performance.now()
    await page.waitForTextGone('Copied')
    expect(performance.now() - start).toBeGreaterThan(2_000)
    await page.click('Edit allowed numbers')
    expect(await pasted()).toBe('https://wa.me/15555550100')
  })

  test('a page that may not write to the clipboard selects the text and says so', async () => {
    await open({ accounts: [connectedAccount()] })
    await page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))")
    await page.click('Copy the number')
    await page.waitForText('The text is selected')
    await page.copy()
    await page.click('Edit allowed numbers')
    expect(await pasted()).toBe('+15555550100')
  })

  test.each([
    [
      '.code',
      'ABCD-1234',
      {
        accounts: [account('awaiting_scan', 'enter_code_to_link')],
        offers: [
          {
            account: 'default',
            method: 'code' as const,
            code: 'ABCD1234',
            phoneNumber: '+15555550100',
            expiresAt: new Date(Date.now() + 120_000).toISOString(),
          },
        ],
      },
    ],
    ['.own-number bdi', '+15555550100', { accounts: [connectedAccount()] }],
  ])('one click selects all of %s', async (selector, text, facts) => {
    await open(facts)
    await page.waitForText(text.slice(-4))
    await page.clickAt(await page.evaluate(endOf, selector))
    await page.copy()
    await page.click('Edit allowed numbers')
    expect(await pasted()).toBe(text)
  })

  /** What comes out of the clipboard, in the open dialog. */
  async function pasted(): Promise<string> {
    await page.waitForFocus('Add a number')
    await page.paste()
    await expect.poll(() => page.evaluate(typedText, null)).not.toBe('')
    return page.evaluate(typedText, null)
  }
})

function measureDialog(): { belowButtons: number; offCentre: number; buttonHeights: number[] } {
  const card = document.querySelector('whatsapp-page')?.shadowRoot?.querySelector('whatsapp-card')
  const dialog = card?.shadowRoot?.querySelector('dialog')
  const buttons = [...(dialog?.querySelectorAll('.buttons button') ?? [])]
  const { top = 0, bottom = 0 } = dialog?.getBoundingClientRect() ?? {}
  const rects = buttons.map((button) => button.getBoundingClientRect())
  return {
    belowButtons: bottom - (rects[0]?.bottom ?? 0),
    offCentre: (top + bottom) / 2 - innerHeight / 2,
    buttonHeights: rects.map(({ height }) => height),
  }
}

/** A point on the last letter of an element of the card. */
function endOf(selector: string): [number, number] {
  const card = document.querySelector('whatsapp-page')?.shadowRoot?.querySelector('whatsapp-card')
  const element = card?.shadowRoot?.querySelector(selector)
  if (!element) return [0, 0]
  element.scrollIntoView({ block: 'nearest' })
  const range = document.createRange()
  range.selectNodeContents(element)
  const { right = 0, top = 0, height = 0 } = [...range.getClientRects()].at(-1) ?? {}
  return [Math.round(right - 5), Math.round(top + height / 2)]
}

/** The page's own. */
function isDialogOpen(): boolean {
  return document.querySelector('dialog')?.open === true
}

/** Of the input that has the focus. */
function typedText(): string {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused instanceof HTMLInputElement ? focused.value : ''
}

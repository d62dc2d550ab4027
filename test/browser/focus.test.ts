import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { account, configView, connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { Keyboard } from './keyboard.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// A person with a keyboard or a screen reader stays where they were, when the button that they pressed is gone.

const NUMBERS = ['+15555550161', '+15555550162', '+15555550163']

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  interface Desk {
    scripted: ScriptedPage
    keyboard: Keyboard
    /** Waits until the focus is on what is called so. */
    expectFocus(name: string | RegExp): Promise<void>
  }

  async function open(prepare: (scripted: ScriptedPage) => void, html?: string): Promise<Desk> {
    const scripted = await ScriptedPage.prepare(browser)
    prepare(scripted)
    if (html === undefined) await scripted.open()
    else {
      await openDashboard(scripted, html)
      await scripted.page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
    }
    const keyboard = new Keyboard(scripted.page)
    const expectFocus = (name: string | RegExp): Promise<void> =>
      expect.poll(() => keyboard.focused()).toMatch(name)
    return { scripted, keyboard, expectFocus }
  }

  function withStrangers({ daemon }: ScriptedPage, count: number): void {
    daemon.snapshot = {
      accounts: [connectedAccount()],
      offers: [],
      config: configView(),
      blocked: NUMBERS.slice(0, count).map((phoneNumber) => ({
        account: 'default',
        phoneNumber,
        name: null,
        reason: 'not_allowed',
        at: new Date().toISOString(),
      })),
    }
    const allowed = ['+15555550101']
    daemon.handlers['accounts.ignoreSender'] = ({ phoneNumber }) => ({
      phoneNumber,
      until: new Date().toISOString(),
    })
    daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => {
      allowed.push(...allowFrom)
      return { revision: `r${allowed.length}`, allowFrom: [...allowed] }
    }
  }

  test('"Allow" leads to the next person, and from the last one to a heading', async () => {
    const { keyboard, expectFocus } = await open((scripted) => withStrangers(scripted, 3))
    await keyboard.press(`Allow ${NUMBERS[1]}`)
    await expectFocus(`Allow ${NUMBERS[2]}`)
    await keyboard.press(`Allow ${NUMBERS[2]}`)
    await expectFocus(`Allow ${NUMBERS[0]}`)
    await keyboard.press(`Allow ${NUMBERS[0]}`)
    await expectFocus('WhatsApp')
  })

  test('"Ignore" does the same', async () => {
    const { keyboard, expectFocus } = await open((scripted) => withStrangers(scripted, 2))
    await keyboard.press(`Ignore ${NUMBERS[0]} for 90 days`)
    await expectFocus(`Ignore ${NUMBERS[1]} for 90 days`)
    await keyboard.press(`Ignore ${NUMBERS[1]} for 90 days`)
    await expectFocus('WhatsApp')
  })

  test('the first number leads to the heading of the list that it begins', async () => {
    const { scripted, keyboard, expectFocus } = await open(({ daemon }) => {
      daemon.snapshot = {
        accounts: [account('unlinked', 'not_linked')],
        offers: [],
        config: configView({ allowFrom: [] }),
        blocked: [],
      }
      daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => ({ revision: 'r2', allowFrom })
    })
    await keyboard.tabTo('Who may talk to the assistant?')
    await scripted.page.keyboard.type(NUMBERS[0] ?? '')
    await scripted.page.keyboard.press('Enter')
    await expectFocus('Allowed numbers')
  })

  test.each(['before', 'after'])(
    'unlinking leads to a heading when the state comes %s the answer',
    async (order) => {
      const { keyboard, expectFocus } = await open(({ daemon }) => {
        daemon.snapshot = { ...daemon.snapshot, accounts: [connectedAccount()] }
        daemon.handlers['accounts.disconnect'] = () => {
          const gone = account('unlinked', 'disconnected_by_user')
          const publish = (): void => daemon.publish('account.status', gone)
          if (order === 'before') publish()
          else setImmediate(publish)
          return { account: gone, unlinkedOnPhone: true }
        }
      })
      await keyboard.press('Disconnect')
      await expectFocus('Keep')
      await keyboard.press('Yes, disconnect')
      await expectFocus('WhatsApp')
    },
  )

  test('an unlinking that fails leads back to its button', async () => {
    const { scripted, keyboard, expectFocus } = await open(({ daemon }) => {
      daemon.snapshot = { ...daemon.snapshot, accounts: [connectedAccount()] }
    })
    await keyboard.press('Disconnect')
    await keyboard.press('Yes, disconnect')
    await scripted.page.getByRole('alert').first().waitFor()
    await expectFocus('Disconnect')
  })

  test('what takes a control away from outside leads to a heading, also in a shadow root', async () => {
    const { scripted, keyboard, expectFocus } = await open(({ daemon }) => {
      daemon.snapshot = { ...daemon.snapshot, accounts: [connectedAccount()] }
    }, `<main><div><template shadowrootmode="open"><whatsapp-card></whatsapp-card></template></div></main>`)
    await keyboard.tabTo('Disconnect')
    scripted.daemon.publish('account.status', account('confirming', 'confirming_link'))
    await expectFocus('WhatsApp')
  })

  test('a person who has gone elsewhere on the page is not called back', async () => {
    const { scripted, keyboard, expectFocus } = await open(
      (each) => withStrangers(each, 1),
      '<whatsapp-card></whatsapp-card><button>Elsewhere</button>',
    )
    const { daemon, page } = scripted
    await keyboard.tabTo(`Allow ${NUMBERS[0]}`)
    const asked = daemon.nextRequest('config.addAllowFrom')
    daemon.silent.add('config.addAllowFrom')
    await page.keyboard.press('Enter')
    await asked
    await page.getByRole('button', { name: 'Elsewhere' }).focus()
    daemon.publish('account.status', account('logged_out', 'device_removed'))
    daemon.drop()
    await page.getByText('Logged out', { exact: true }).waitFor({ state: 'hidden' })
    await expectFocus('Elsewhere')
  })
})

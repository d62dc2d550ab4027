import type { Browser, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ConfigView } from '../../src/protocol/config/config-view.ts'
import type { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'
import { account, configView } from './account-fixture.ts'
import { serveHostPage } from './host-page.ts'
import type { HostPageOptions } from './host-page.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'

// The card on pages of all kinds: everything that a person does with it works there, and the page keeps what is its own.

const ALICE = '+15555550101'
const BOB = '+15555550177'
const OWNER = '+15555550100'

const SHADOW_ROOT = `
  const root = document.querySelector('#host').attachShadow({ mode: 'open' })
  const card = document.createElement('whatsapp-card')
  card.url = URL
  card.token = TOKEN
  root.append(card)`

/** What careful pages ask for, and more than most do. */
const STRICT =
  "default-src 'none'; script-src 'self'; connect-src 'self' ws:; base-uri 'none'; form-action 'none'"

const PAGES: Record<string, HostPageOptions> = {
  'plain page': { body: '<main>CARD</main>' },
  'dialog of the page': {
    body: '<dialog>CARD</dialog>',
    script: "document.querySelector('dialog').showModal(); findCard().token = TOKEN",
  },
  'shadow root': { body: '<main id="host"></main>', script: SHADOW_ROOT },
  'form of the page': { body: '<form action="/elsewhere">CARD<button>Send</button></form>' },
  'strict policy, and Trusted Types without any policy': {
    body: '<main>CARD</main>',
    headers: {
      'Content-Security-Policy': `${STRICT}; require-trusted-types-for 'script'; trusted-types 'none'`,
    },
  },
  'Trusted Types with the policy of the page alone': {
    body: '<main>CARD</main>',
    script: "trustedTypes.createPolicy('lit-html', {}); findCard().token = TOKEN",
    headers: {
      'Content-Security-Policy': "require-trusted-types-for 'script'; trusted-types lit-html",
    },
  },
  'stylesheet of the page that restyles every element': {
    body: `<style>
      * { box-sizing: content-box; margin: 9px !important; }
      button, input, form, dialog, div, section, p { all: unset; display: none; }
    </style><main>CARD</main>`,
  },
  'sandboxed frame': frameWith('allow-scripts'),
  'sandboxed frame with its origin': frameWith('allow-scripts allow-same-origin'),
  'sandboxed frame with forms': frameWith('allow-scripts allow-forms'),
}

function frameWith(sandbox: string): HostPageOptions {
  return {
    body: `<iframe title="WhatsApp" src="/frame" sandbox="${sandbox}" width="600" height="900"></iframe>`,
    frame: '<main>CARD</main>',
    script: 'const card = findCard(); if (card) card.token = TOKEN',
  }
}

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  async function newPage(complaints: string[] = []): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    return page
  }

  test.each(Object.keys(PAGES))('everything can be done on a page of the kind: %s', async (kind) => {
    const daemon = await serveHostPage(PAGES[kind] ?? { body: '' })
    const done = answer(daemon)
    const complaints: string[] = []
    const page = await newPage(complaints)
    await page.goto(`${daemon.origin}/host`)
    await doEverything(kind.startsWith('sandboxed') ? page.frameLocator('iframe') : page)
    await expect
      .poll(() => done)
      .toEqual([`add ${ALICE}`, `add ${BOB}`, `link ${OWNER}`, 'create Shop', 'change nickname Alan'])
    expect(complaints).toEqual([])
    expect(page.url()).toBe(`${daemon.origin}/host`)
  })
})

function settings(allowFrom: readonly string[]): ConfigView {
  const fields = [{ path: ['nickname'], kind: 'text', label: 'Nickname', maximumLength: 40 }]
  return configView({ allowFrom: [...allowFrom], values: { nickname: 'Al' } }, { fields })
}

/** Lets the daemon do what the card asks for, and answers with what that was. */
function answer(daemon: ScriptedDaemon): string[] {
  const done: string[] = []
  const allowFrom: string[] = []
  daemon.snapshot = {
    accounts: [account('unlinked', 'not_linked')],
    offers: [],
    config: settings([]),
    blocked: [],
  }
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom: added }) => {
    allowFrom.push(...added)
    done.push(`add ${added.join()}`)
    return { revision: `r${done.length}`, allowFrom: [...allowFrom] }
  }
  daemon.handlers['config.setAllowFrom'] = ({ allowFrom: next }) => {
    done.push(`add ${next.slice(1).join()}`)
    return { revision: `r${done.length}`, allowFrom: [...next] }
  }
  daemon.handlers['accounts.link'] = ({ phoneNumber = '' }) => {
    done.push(`link ${phoneNumber}`)
    daemon.publish('account.status', account('awaiting_scan', 'enter_code_to_link'))
    const expiresAt = new Date(Date.now() + 120_000).toISOString()
    return { account: 'default', method: 'code', code: 'ABCD1234', phoneNumber, expiresAt }
  }
  daemon.handlers['accounts.create'] = ({ name }) => {
    done.push(`create ${name}`)
    return { account: account('unlinked', 'not_linked'), created: true, revision: 'r9' }
  }
  daemon.handlers['config.get'] = () => settings(allowFrom)
  daemon.handlers['config.update'] = ({ changes }) => {
    for (const { path, value } of changes) done.push(`change ${[path].flat().join('.')} ${String(value)}`)
    return { revision: `r${done.length}`, changed: [] }
  }
  return done
}

/** Half with the mouse, half with Enter. */
async function doEverything(place: Page | FrameLocator): Promise<void> {
  const button = (name: string) => place.getByRole('button', { name, exact: true })
  const first = place.getByRole('textbox', { name: 'Who may talk to the assistant?' })
  await first.fill(ALICE)
  await button('Add').click()
  await button('Edit allowed numbers').click()
  const dialog = place.getByRole('dialog', { name: 'Allowed numbers' })
  const second = dialog.getByRole('textbox', { name: 'Add a number' })
  await second.fill(BOB)
  await second.press('Enter')
  await dialog.getByText(BOB).waitFor()
  await button('Save').click()
  await dialog.waitFor({ state: 'hidden' })
  await button('Link with phone number instead').click()
  await place.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' }).fill(OWNER)
  await button('Get code').click()
  await place.getByText('ABCD-1234').waitFor()
  await button('Connect another account').click()
  await place.getByRole('textbox', { name: 'Name of the new account' }).fill('Shop')
  await button('Create').click()
  await button('Connect another account').waitFor()
  await place.getByText('Settings', { exact: true }).click()
  const name = place.getByRole('textbox', { name: 'Nickname' })
  await name.fill('Alan')
  await name.press('Enter')
}

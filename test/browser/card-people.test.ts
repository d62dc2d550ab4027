import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountConfigView, ConfigView } from '../../src/protocol/config/config-view.ts'
import { configView, connectedAccount } from './account-fixture.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const ALICE = '+15555550101'
const MALLORY = '+15555550166'
const GERMAN = '+4915112345678'
const SIXTY = [GERMAN, ...Array.from({ length: 59 }, (_, index) => `+1212200${3_000 + index}`)]
const AGENTS = { ada: { connector: 'echo', model: null }, bob: { connector: 'echo', model: null } }
const EDITABLE = ['defaultAgent', 'senders', 'allowFrom']

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function open(settings: Partial<AccountConfigView>, facts: Partial<ConfigView> = {}) {
  const scripted = await ScriptedPage.prepare(browser)
  const { handlers } = scripted.daemon
  const config = configView({ senders: {}, ...settings }, { editable: EDITABLE, ...facts })
  const edits: unknown[] = []
  scripted.show({ accounts: [connectedAccount()], config })
  handlers['config.get'] = () => config
  handlers['config.update'] = ({ changes }) => {
    edits.push(...changes)
    return { revision: 'r2', changed: [] }
  }
  for (const method of ['config.addAllowFrom', 'config.setAllowFrom'] as const)
    handlers[method] = ({ allowFrom }) => {
      edits.push({ method, allowFrom })
      return { revision: 'r2', allowFrom: [ALICE, ...allowFrom] }
    }
  await scripted.open()
  return { scripted, page: scripted.page, edits }
}

async function writeUnallowed({ daemon, page }: ScriptedPage): Promise<void> {
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at: new Date().toISOString(),
  })
  await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor()
}

test('somebody who is allowed keeps the name that they wrote under', async () => {
  const { scripted, edits } = await open({})
  await writeUnallowed(scripted)
  await scripted.button(`Allow ${MALLORY}`).click()
  await expect
    .poll(() => edits)
    .toEqual([
      { method: 'config.addAllowFrom', allowFrom: [MALLORY] },
      { account: 'default', path: ['senders', MALLORY, 'name'], value: 'Mallory' },
    ])
})

test.each<[string, Partial<AccountConfigView>, Partial<ConfigView>]>([
  ['has one already', { senders: { [MALLORY]: { agent: null, name: 'The landlord' } } }, {}],
  ["stands in OpenClaw's file, which takes no such key", {}, { tool: 'openclaw' }],
  ['stands in a file whose names are not for dashboards', {}, { editable: ['allowFrom'] }],
])('no name is written for somebody who %s', async (_why, settings, facts) => {
  const { scripted, edits } = await open(settings, facts)
  await writeUnallowed(scripted)
  await scripted.button(`Allow ${MALLORY}`).click()
  await scripted.page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
  await scripted.page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor({ state: 'hidden' })
  await scripted.button('Edit allowed numbers').click()
  expect(edits).toEqual([{ method: 'config.addAllowFrom', allowFrom: [MALLORY] }])
})

test('names are shown beside the numbers, with the country, and changed in the dialog', async () => {
  const senders = { [ALICE]: { agent: null, name: 'Alice' }, [GERMAN]: { agent: 'bob', name: 'Bernd' } }
  const { scripted, page, edits } = await open({ allowFrom: [ALICE, GERMAN], senders, agents: AGENTS })
  await page.getByRole('listitem').filter({ hasText: 'Alice' }).getByText(ALICE).waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Bernd' }).getByText('Germany').waitFor()
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('textbox', { name: `Name of ${ALICE}` }).fill('')
  await dialog.getByRole('textbox', { name: `Name of ${GERMAN}` }).fill(' Berta ')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(edits).toEqual([
    { account: 'default', path: ['senders', ALICE], unset: true },
    { account: 'default', path: ['senders', GERMAN, 'name'], value: 'Berta' },
  ])
  expect(scripted.complaints).toEqual([])
})

test('after eight numbers the others are counted, and found by number, name or country', async () => {
  const senders = { [SIXTY[40] ?? '']: { agent: null, name: 'Zoë' } }
  const { scripted, page } = await open({ allowFrom: SIXTY, senders })
  const chips = page.getByRole('list', { name: 'Allowed numbers' }).first()
  expect(await chips.getByRole('listitem').count()).toBe(9)
  await scripted.button('+52 more: Show all allowed numbers').click()
  const keyboard = new Keyboard(page)
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  const rows = dialog.getByRole('list', { name: 'Allowed numbers' }).getByRole('listitem')
  await dialog.getByText('and 10 more: type into the filter to find them').waitFor()
  expect(await keyboard.focused()).toBe('Filter the numbers')
  for (const [typed, number] of [
    ['zoë', SIXTY[40]],
    ['german', GERMAN],
    ['+1 (212) 200-3058', SIXTY[59]],
    ['0049151', GERMAN],
  ] as const) {
    await dialog.getByRole('searchbox').fill(typed)
    await expect.poll(() => rows.count(), { message: typed }).toBe(1)
    expect(await rows.first().textContent()).toContain(number)
  }
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  expect(await keyboard.focused()).toBe('+52 more: Show all allowed numbers')
})

test('a token that may only read sees all numbers, and nothing to change them with', async () => {
  const { page, scripted } = await open({ allowFrom: SIXTY }, { configWrites: false })
  await scripted.button('+52 more: Show all allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('searchbox').fill('3058')
  await dialog.getByText(SIXTY[59] ?? '').waitFor()
  expect(await dialog.getByRole('textbox').count()).toBe(0)
  expect(await dialog.getByRole('button').allTextContents()).toEqual([expect.stringContaining('Close')])
})

/** The story: the settings of sixty people made a page of 5,259 pixels. */
test('settings list the numbers with an agent of their own alone, and set one for any other', async () => {
  const senders = { [GERMAN]: { agent: 'bob', name: 'Bernd' }, [ALICE]: { agent: null, name: 'Alice' } }
  const { page, edits } = await open({ allowFrom: SIXTY, senders, agents: AGENTS, defaultAgent: 'ada' })
  await page.getByText('Settings', { exact: true }).click()
  const ofNumbers = page.getByRole('combobox', { name: /\+\d/ })
  await expect.poll(() => ofNumbers.count()).toBe(1)
  const field = page.getByRole('combobox', { name: 'Set an agent for…' })
  await field.fill('12')
  await field.press('Enter')
  await page.getByText('Begin with + and the country code.').waitFor()
  await field.fill(MALLORY)
  await field.press('Enter')
  const added = page.getByRole('combobox', { name: MALLORY })
  await added.waitFor()
  expect(await new Keyboard(page).focused()).toContain(MALLORY)
  await added.selectOption('bob')
  await page.getByRole('combobox', { name: 'Bernd' }).selectOption('')
  await expect
    .poll(() => edits)
    .toEqual([
      { account: 'default', path: ['senders', MALLORY, 'agent'], value: 'bob' },
      { account: 'default', path: ['senders', GERMAN, 'agent'], unset: true },
    ])
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(2_000)
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configView, connectedAccount } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const FIRST = Array.from({ length: 500 }, (_, index) => `+1212${2_000_000 + index}`)
const HIDDEN = '+12129999999'
const MALLORY = '+15555550166'
const LONG = { allowFrom: FIRST, allowFromTotal: 22_000, allowFromComplete: false }

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function open(): Promise<{ scripted: ScriptedPage; sent: unknown[] }> {
  const scripted = await ScriptedPage.prepare(browser)
  const sent: unknown[] = []
  scripted.show({ accounts: [connectedAccount()], config: configView(LONG) })
  const { handlers } = scripted.daemon
  handlers['config.get'] = () => configView(LONG)
  for (const method of ['config.addAllowFrom', 'config.removeAllowFrom'] as const)
    handlers[method] = (params) => {
      sent.push({ method, ...params })
      return { revision: 'r2', ...LONG, allowFromTotal: 21_999 }
    }
  handlers['config.setAllowFrom'] = (params) => {
    sent.push({ method: 'config.setAllowFrom', ...params })
    return { revision: 'r2', allowFrom: params.allowFrom }
  }
  handlers['config.update'] = (params) => {
    sent.push({ method: 'config.update', ...params })
    return { revision: 'r2', changed: [] }
  }
  await scripted.open()
  return { scripted, sent }
}

/** The story: the card saved the list that it had read, and would have removed everybody beyond the first page. */
test('a list that is not known as a whole is counted, and edited number by number', async () => {
  const { scripted, sent } = await open()
  const { page } = scripted
  await page.getByText('+21,992 more').waitFor()
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByText('and 21,950 more').waitFor()
  await dialog.getByRole('button', { name: `Remove ${FIRST[3]}`, exact: true }).click()
  const removal = dialog.getByRole('textbox', { name: 'Remove a number' })
  await removal.fill(HIDDEN)
  await removal.press('Enter')
  await dialog.getByRole('button', { name: `Keep ${HIDDEN}` }).waitFor()
  await dialog.getByRole('textbox', { name: 'Add a number' }).fill(MALLORY)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(sent).toEqual([
    { method: 'config.addAllowFrom', account: 'default', allowFrom: [MALLORY] },
    { method: 'config.removeAllowFrom', account: 'default', allowFrom: [FIRST[3], HIDDEN] },
  ])
  await page.getByText('+21,991 more').waitFor()
  expect(scripted.complaints).toEqual([])
})

/** The story: a number beyond the first ones could be removed by somebody who knew it by heart alone. */
test('what is not known here is searched by the daemon, and named and removed like the others', async () => {
  const { scripted, sent } = await open()
  const { page, daemon } = scripted
  const filters: unknown[] = []
  daemon.handlers['config.listEntries'] = ({ filter = '' }) => {
    filters.push(filter)
    const isFound = filter === '' || 'zoe'.includes(filter)
    const entries = filter === '' ? FIRST.slice(0, 50) : isFound ? [HIDDEN] : []
    const total = filter === '' ? 22_000 : entries.length
    return { revision: 'r1', entries, values: {}, names: isFound ? { [HIDDEN]: 'Zoe' } : {}, total }
  }
  await scripted.button('+21,992 more: Show all allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  const list = dialog.getByRole('list', { name: 'Allowed numbers' })
  const filter = dialog.getByRole('searchbox', { name: 'Filter the numbers' })
  await dialog.getByPlaceholder('Name or number').waitFor()
  expect(await list.getByRole('listitem').count()).toBe(50)
  await filter.fill('zoe')
  await list.getByText(HIDDEN).waitFor()
  expect(await list.getByRole('listitem').count()).toBe(1)
  expect(filters).toEqual(['', 'zoe'])
  await list.getByRole('button', { name: `Remove ${HIDDEN}` }).click()
  await list.getByText(HIDDEN).waitFor({ state: 'detached' })
  await filter.fill('nobody at all')
  await dialog.getByText('No number matches.').waitFor()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(sent).toEqual([{ method: 'config.removeAllowFrom', account: 'default', allowFrom: [HIDDEN] }])
  expect(scripted.complaints).toEqual([])
})

test('everybody is let in and out again without sending the list', async () => {
  const { scripted, sent } = await open()
  const { page } = scripted
  await page.getByText('Settings', { exact: true }).click()
  await page.getByRole('switch', { name: 'Allow everybody' }).click()
  await scripted
    .button('Yes, allow everybody')
    .or(page.getByRole('button', { name: 'Allow everybody' }))
    .last()
    .click()
  await expect.poll(() => sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({
    changes: [
      { account: 'default', path: ['dmPolicy'], value: 'open' },
      { account: 'default', path: ['allowFrom'], add: ['*'] },
    ],
  })
})

test('a blocked sender who was allowed is gone, although the first page of the list does not show them', async () => {
  const { scripted, sent } = await open()
  const { page, daemon } = scripted
  daemon.publish('message.blocked', {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at: new Date().toISOString(),
  })
  await scripted.button(`Allow ${MALLORY}`).click()
  await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor({ state: 'hidden' })
  expect(sent).toEqual([{ method: 'config.addAllowFrom', account: 'default', allowFrom: [MALLORY] }])
})

/** The story: who is beyond the first ones seemed to have no name: "Allow" wrote another one over it, and to clear it did nothing. */
test('of people whose name was not sent, it is taken away when asked, and else left alone', async () => {
  const { scripted, sent } = await open()
  const { page, daemon } = scripted
  const senders = { [FIRST[0] ?? '']: { agent: null, name: 'Ann' } }
  const config = configView(
    { ...LONG, senders, sendersComplete: false },
    { editable: ['senders', 'allowFrom'] },
  )
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.listEntries'] = () => ({
    revision: 'r1',
    entries: [HIDDEN],
    values: {},
    names: { [HIDDEN]: 'Zoe' },
    total: 1,
  })
  daemon.publish('config.applied', { revision: 'r1', changed: [] })
  await page.getByRole('listitem').filter({ hasText: 'Ann' }).waitFor()
  const at = new Date().toISOString()
  const blocked = {
    account: 'default',
    phoneNumber: MALLORY,
    name: 'Mallory',
    reason: 'not_allowed',
    at,
  } as const
  daemon.publish('message.blocked', blocked)
  await scripted.button(`Allow ${MALLORY}`).click()
  await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).waitFor({ state: 'hidden' })
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('searchbox', { name: 'Filter the numbers' }).fill('zoe')
  const name = dialog.getByRole('textbox', { name: `Name of ${HIDDEN}` })
  expect(await name.inputValue()).toBe('Zoe')
  await name.fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(sent.slice(1)).toMatchObject([
    { method: 'config.update', changes: [{ path: ['senders', HIDDEN, 'name'], unset: true }] },
  ])
})

/** The story: "Set an agent for…" showed "Default" for somebody whose entry had not been sent, and who had an agent. */
test('of people whose agent was not sent, the daemon is asked for it, again after each change', async () => {
  const { scripted, sent } = await open()
  const { page, daemon } = scripted
  const agents = { ada: { connector: 'echo', model: null }, bob: { connector: 'echo', model: null } }
  const settings = { ...LONG, agents, defaultAgent: 'ada', senders: {}, sendersComplete: false }
  let revision = 'r1'
  let agent = 'bob'
  const asked: unknown[] = []
  daemon.handlers['config.get'] = () => configView(settings, { editable: ['senders'], revision })
  daemon.handlers['config.listEntries'] = ({ list, filter }) => {
    asked.push([list, filter])
    if (revision === 'r1') return null
    return { revision, entries: [HIDDEN], values: { [HIDDEN]: { agent, name: 'Zoe' } }, total: 1 }
  }
  daemon.handlers['config.update'] = (params) => {
    sent.push({ method: 'config.update', ...params })
    agent = 'ada'
    revision = 'r3'
    return { revision, changed: [] }
  }
  scripted.show({
    accounts: [connectedAccount()],
    config: configView(settings, { editable: ['senders'], revision }),
  })
  await page.reload()
  await page.getByText('Settings', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Set an agent for…' }).fill(HIDDEN)
  await scripted.button('Choose').click()
  const field = page.getByRole('combobox', { name: HIDDEN })
  await expect.poll(() => field.isDisabled()).toBe(true)
  expect(await field.innerText()).not.toContain('Default')
  // Somebody else edits the file meanwhile.
  revision = 'r2'
  daemon.publish('config.applied', { revision, changed: [] })
  await expect.poll(() => field.inputValue()).toBe('bob')
  await page.getByText('Zoe').waitFor()
  await field.selectOption('ada')
  await expect.poll(() => asked).toEqual(Array.from({ length: 3 }, () => ['senders', HIDDEN]))
  await expect.poll(() => field.inputValue()).toBe('ada')
  expect(sent).toMatchObject([{ changes: [{ path: ['senders', HIDDEN, 'agent'], value: 'ada' }] }])
  expect(scripted.complaints).toEqual([])
})

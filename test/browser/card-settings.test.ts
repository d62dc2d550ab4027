import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { configView, connectedAccount } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const ALICE = '+15555550101'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('settings are shown as far as they have an effect, and each change is saved at once', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const sent: unknown[] = []
  const agents = { ada: { connector: 'echo', model: null }, bob: { connector: 'echo', model: null } }
  const more = { stickyTtlMinutes: 30, ackEmoji: '👀', senders: { [ALICE]: { agent: 'bob', name: null } } }
  const editable = ['defaultAgent', 'senders', 'stickyTtlMinutes', 'ackReaction']
  const config = configView({ agents, defaultAgent: 'ada', ...more }, { editable })
  scripted.show({ accounts: [connectedAccount()], config })
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.update'] = ({ changes }) => {
    sent.push(...changes)
    return { revision: 'r2', changed: [] }
  }
  await scripted.open()
  await page.getByText('Settings', { exact: true }).click()
  expect(await page.getByRole('switch', { name: 'Read receipts' }).count()).toBe(0)
  const perNumber = page.getByRole('combobox', { name: ALICE }).first()
  expect(await perNumber.inputValue()).toBe('bob')
  await page.getByRole('combobox', { name: 'Default agent' }).selectOption('bob')
  await perNumber.selectOption('')
  const minutes = page.getByRole('spinbutton', { name: 'Minutes that a chosen agent stays active' })
  await minutes.fill('45')
  await minutes.press('Tab')
  const emoji = page.getByRole('textbox', { name: 'Reaction that says' })
  await emoji.fill('✅')
  await emoji.press('Tab')
  await expect
    .poll(() => sent)
    .toEqual([
      { account: 'default', path: ['defaultAgent'], value: 'bob' },
      { account: 'default', path: ['senders', ALICE], unset: true },
      { account: 'default', path: ['stickyTtlMinutes'], value: 45 },
      { account: 'default', path: ['ackReaction', 'emoji'], value: '✅' },
    ])
})

test('the card draws the fields that the daemon declares, also those of settings that it does not know', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const sent: unknown[] = []
  const fields = [
    { path: ['nickname'], kind: 'text', label: 'Nickname', maximumLength: 5 },
    { path: ['voice', 'speed'], kind: 'number', label: 'Speed', minimum: 1, maximum: 9 },
    { path: ['voice', 'tone'], kind: 'choice', label: 'Tone', options: ['warm', 'cold'] },
    { path: ['speech'], kind: 'choice', label: 'Speech', options: ['de'], labels: { de: 'Deutsch' } },
    { path: ['hurry'], kind: 'switch', label: 'Hurry', hint: 'Answers at once.' },
    { path: ['mood'], kind: 'colour', label: 'Mood' },
  ]
  const values = {
    nickname: 'Al',
    'voice.speed': 3,
    'voice.tone': 'cold',
    speech: 'de',
    hurry: true,
    mood: 'red',
  }
  const config = configView({ values }, { fields, editable: [] })
  scripted.show({ accounts: [connectedAccount()], config })
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.update'] = ({ changes }) => {
    sent.push(...changes)
    return { revision: 'r2', changed: [] }
  }
  await scripted.open()
  await page.getByText('Settings', { exact: true }).click()
  const speed = page.getByRole('spinbutton', { name: 'Speed' })
  expect(await speed.getAttribute('max')).toBe('9')
  await speed.fill('4')
  await speed.press('Tab')
  expect(await page.getByRole('textbox', { name: 'Nickname' }).inputValue()).toBe('Al')
  await page.getByRole('combobox', { name: 'Tone' }).selectOption('warm')
  const speech = page.getByRole('combobox', { name: 'Speech' })
  expect((await speech.getByRole('option').allTextContents()).map((text) => text.trim())).toEqual(['Deutsch'])
  await page.getByRole('switch', { name: 'Hurry' }).click()
  await expect
    .poll(() => sent)
    .toEqual([
      { account: 'default', path: ['voice', 'speed'], value: 4 },
      { account: 'default', path: ['voice', 'tone'], value: 'warm' },
      { account: 'default', path: ['hurry'], value: false },
    ])
  expect(await page.getByText('Mood').count()).toBe(0)
})

test('a setting that somebody else changed first is not overwritten', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  let config = configView({}, { editable: ['sendReadReceipts'] })
  scripted.show({ accounts: [connectedAccount()], config })
  const revisions: unknown[] = []
  daemon.handlers['config.get'] = () => config
  daemon.handlers['config.update'] = ({ revision }) => {
    revisions.push(revision)
    if (revision !== config.revision) throw new DaemonError('config_conflict')
    return { revision: 'r9', changed: [] }
  }
  await scripted.open()
  await page.getByText('Settings', { exact: true }).click()
  const receipts = page.getByRole('switch', { name: 'Read receipts' })
  config = configView({ name: 'Renamed' }, { editable: ['sendReadReceipts'], revision: 'r2' })
  await receipts.click()
  await page.getByText('The config file changed since the given revision.').waitFor()
  expect(revisions).toEqual(['r1'])
  await receipts.click()
  await page.getByText('The config file changed since').waitFor({ state: 'hidden' })
  expect(revisions).toEqual(['r1', 'r2'])
})

test('a token that may only read gets a card that only shows', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  daemon.methods = ['session.ping', 'accounts.list', 'config.get']
  await scripted.open()
  await page.getByText('WhatsApp is connected.').waitFor()
  expect(await page.getByRole('switch').count()).toBe(0)
  const buttons = page.locator('whatsapp-card').getByRole('button')
  expect(await buttons.evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel))).toEqual([
    'Copy the number',
  ])
})

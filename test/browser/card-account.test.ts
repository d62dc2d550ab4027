import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, connectedAccount } from './account-fixture.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('disconnecting asks first', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  let disconnects = 0
  daemon.handlers['accounts.disconnect'] = () => {
    disconnects++
    const gone = account('unlinked', 'disconnected_by_user')
    daemon.publish('account.status', gone)
    return { account: gone, unlinkedOnPhone: true }
  }
  await scripted.open()
  await scripted.button('Disconnect').click()
  await scripted.button('Keep').click()
  await scripted.button('Disconnect').click()
  expect(disconnects).toBe(0)
  await scripted.button('Yes, disconnect').click()
  await page.getByText('its credentials were erased').waitFor()
  expect(disconnects).toBe(1)
})

test('an assistant that does not answer is told with what to do, until it answers again', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const assistant = {
    agent: 'ada',
    connector: 'openai-chat',
    ok: false,
    since: '2026-03-03T12:00:00.000Z',
    lastSuccessAt: null,
    lastFailure: {
      at: '2026-03-03T12:00:00.000Z',
      code: 'unauthorized' as const,
      message: 'The assistant answered 401: check apiKey.',
      action: 'Check agents.ada.apiKey (the environment variable CHAT_KEY).',
    },
  }
  scripted.show({ accounts: [{ ...connectedAccount(), assistant }] })
  await scripted.open()
  await page.getByText('Assistant fails', { exact: true }).waitFor()
  await page.getByText('The assistant does not answer.').waitFor()
  await page.getByText('The assistant answered 401: check apiKey.').first().waitFor()
  await page.getByText('environment variable CHAT_KEY').first().waitFor()
  // To connect again would not help.
  expect(await scripted.button('Reconnect').isVisible()).toBe(false)
  daemon.publish('account.status', { ...connectedAccount(), assistant: { ...assistant, ok: true } })
  await page.getByText('Connected', { exact: true }).waitFor()
  expect(await page.getByText('401').count()).toBe(0)
})

test('the switch pauses and resumes', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  daemon.handlers['accounts.setEnabled'] = ({ enabled }) => {
    const next = enabled ? connectedAccount() : account('disabled', 'disabled_by_config', { linked: true })
    daemon.publish('account.status', next)
    return { account: next, revision: 'r2' }
  }
  await scripted.open()
  const enabled = page.getByRole('switch', { name: 'Answer messages' })
  expect(await enabled.evaluate((shown) => getComputedStyle(shown, '::after').width)).toBe('20px')
  await enabled.click()
  await page.getByText('Paused', { exact: true }).waitFor()
  expect(await enabled.getAttribute('aria-checked')).toBe('false')
  await enabled.click()
  await page.getByText('Connected', { exact: true }).waitFor()
})

test('while reconnecting it says when, and can be told to try now', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  const nextAttemptAt = new Date(Date.now() + 40_000).toISOString()
  scripted.show({
    accounts: [account('reconnecting', 'network_error', { linked: true, attempt: 3, nextAttemptAt })],
  })
  daemon.handlers['accounts.reconnect'] = () => {
    daemon.publish('account.status', connectedAccount())
    return { account: connectedAccount() }
  }
  await scripted.open()
  await page.getByText(/Attempt 3 failed\.\s+Next attempt in\s+0:[34]\d\./).waitFor()
  await scripted.button('Reconnect now').click()
  await page.getByText('WhatsApp is connected.').waitFor()
})

test('a daemon that goes away is said to be offline, and found again', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  await scripted.open()
  await daemon.stop()
  await page.getByText('The daemon is offline.').waitFor()
  await page.getByText(/Last known state, as of \d\d:\d\d: Connected\./).waitFor()
  await page.getByRole('definition').filter({ hasText: '+15555550100' }).waitFor()
  expect(await scripted.button('Disconnect').isDisabled()).toBe(true)
  scripted.show({ accounts: [account('logged_out', 'device_removed')] })
  await daemon.start()
  await page.getByText('The phone removed this device').waitFor()
  expect(await scripted.button('Link again').isEnabled()).toBe(true)
})

test('a connected account is reconnected from a menu, which Escape and a click elsewhere close', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  let reconnects = 0
  daemon.handlers['accounts.reconnect'] = () => {
    reconnects++
    return { account: connectedAccount() }
  }
  await scripted.open()
  const keyboard = new Keyboard(page)
  await keyboard.press('More actions')
  expect(await keyboard.focused()).toBe('Reconnect')
  await page.keyboard.press('Escape')
  expect(await keyboard.focused()).toBe('More actions')
  expect(await scripted.button('Reconnect').isVisible()).toBe(false)
  await keyboard.press('More actions')
  await page.mouse.click(5, 5)
  await scripted.button('Reconnect').waitFor({ state: 'hidden' })
  await scripted.button('More actions').click()
  await scripted.button('Reconnect').click()
  await expect.poll(() => reconnects).toBe(1)
  expect(await scripted.button('Reconnect').isVisible()).toBe(false)
})

test('the number is shown in groups, and copied and found as one', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  scripted.show({ accounts: [{ ...connectedAccount(), displayName: `Ada ${'Lovelace '.repeat(22)}` }] })
  await scripted.open()
  const number = page.locator('.grouped')
  expect(await number.locator('span').allTextContents()).toEqual(['+1', '555', '555', '0100'])
  await page.getByText('+15555550100', { exact: true }).first().waitFor()
  await scripted.button('Copy the number').click()
  await page.getByText('Copied', { exact: true }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('+15555550100')
  const name = page.getByRole('definition').filter({ hasText: 'Lovelace' })
  const [height, line] = await name.evaluate((element) => [
    element.clientHeight,
    parseFloat(getComputedStyle(element).lineHeight),
  ])
  expect(height).toBeLessThanOrEqual(2 * (line ?? 0) + 1)
})

test('a connected account shows signs of life, which follow what is said', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ accounts: [{ ...connectedAccount(), failedMessages: 2 }] })
  const now = new Date().toISOString()
  let answered = 3
  const asked: string[] = []
  daemon.handlers['accounts.activity'] = ({ since }) => {
    asked.push(since)
    return { lastMessageAt: now, lastAnswerAt: now, answered, waiting: 1, queued: 4 }
  }
  await scripted.open()
  const life = page.getByRole('region', { name: 'Activity' })
  const shown = async (): Promise<string[]> => (await life.locator('dd').allTextContents()).slice(1)
  await expect.poll(shown).toEqual(['3', '5', '2'])
  await life.getByText(now.slice(11, 16)).first().waitFor()
  expect(asked).toEqual([`${now.slice(0, 10)}T00:00:00.000Z`])
  answered = 4
  for (let turn = 0; turn < 20; turn++) {
    const payload = { account: 'default', conversation: 'c', turn: String(turn), at: now }
    daemon.publish('agent.turnFinished', { ...payload, outcome: 'answered' })
  }
  await expect.poll(shown).toEqual(['4', '5', '2'])
  expect(asked).toHaveLength(2)
})

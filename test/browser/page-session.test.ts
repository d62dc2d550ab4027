import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOGIN_CODE } from './card-server.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('the link is traded for a token that is neither in the address nor in an attribute', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  await scripted.open()
  expect(page.url()).toBe(`${daemon.origin}/`)
  expect(await page.content()).not.toContain(daemon.token)
  expect(await page.evaluate(() => sessionStorage.length)).toBe(1)
  await page.reload()
  await page.getByText('Not connected', { exact: true }).waitFor()
  expect(scripted.complaints).toEqual([])
})

test('without a link the page says how to get one', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  await page.goto(daemon.origin)
  await page.getByText('whatsappd open').waitFor()
  await page.goto(`${daemon.origin}/#code=${LOGIN_CODE}`)
  await page.getByText('Not connected', { exact: true }).waitFor()
})

test('a spent link says so', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  await page.goto(`${daemon.origin}/#code=wrong`)
  await page.getByText('used already or has expired').waitFor()
})

test('a token that is refused later leads back to the help', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  await scripted.open()
  daemon.token = 'changed'
  daemon.drop(4401)
  await page.getByText('The access of this page has ended.').waitFor()
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
})

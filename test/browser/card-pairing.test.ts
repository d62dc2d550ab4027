import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { MALLORY, OWNER } from '../support/stack.ts'
import { AXE, axeComplaints, axeRun } from './axe.ts'
import { openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

const GRACE = '+15550000009'
const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/

let browser: Browser
let stage: Stage | null = null

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(() => stage?.stop())
afterAll(() => browser.close())

test('people who ask for access are shown with their code, allowed or rejected, and gone then', async () => {
  const asked = await Stage.start(browser, { allowFrom: [], channel: { dmPolicy: 'pairing' } }, (stack) =>
    stack.link(),
  )
  stage = asked
  const { stack } = asked
  const page = await asked.open()
  await page.evaluate(AXE)
  const section = page.getByRole('region', { name: 'Ask for access' })
  const row = (number: string) => section.getByRole('listitem').filter({ hasText: number })

  // Both come while the card is open.
  await stack.mallory.sendText(OWNER, 'secret words of a stranger')
  await row(MALLORY).waitFor()
  await stack.createPhone(GRACE, 'Grace').sendText(OWNER, 'hello')
  await row(GRACE).waitFor()
  await section.getByText('A name proves nothing.').waitFor()
  const { text } = await stack.mallory.waitForText(CODE)
  const [code = ''] = CODE.exec(text) ?? []
  expect(await row(MALLORY).getByRole('code').textContent()).toBe(code)
  expect(await row(MALLORY).textContent()).toContain('Mallory')
  expect(await page.textContent('body')).not.toContain('secret words')
  // What waits for a decision is not in the list of those who were refused, too.
  expect(await page.getByRole('heading', { name: 'Wrote, but is not allowed' }).count()).toBe(0)
  expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null)))).toEqual([])

  await button(page, `Allow ${MALLORY}`).click()
  await row(MALLORY).waitFor({ state: 'detached' })
  await page.getByRole('list', { name: 'Allowed numbers' }).getByText(MALLORY).waitFor()
  await stack.mallory.waitForText('You can write to this assistant now.')
  await button(page, `Reject ${GRACE}`).click()
  await section.waitFor({ state: 'detached' })
  expect(stack.readConfig()).not.toContain(GRACE)
  expect(stack.phone(GRACE).received).toHaveLength(1)
  expect(asked.errors).toEqual([])
})

test('somebody for whom an assistant asks is shown with what it says, under every policy, also to a card that opens later', async () => {
  const asked = await Stage.start(browser, {}, (stack) => stack.link())
  stage = asked
  const { stack } = asked
  const client = await stack.client()
  const reason = 'She is <b>the driver</b>'
  await client.request('pairing.request', { phoneNumber: MALLORY, reason })
  client.close()
  const page = await asked.open()
  await page.evaluate(AXE)
  const section = page.getByRole('region', { name: 'Ask for access' })
  await section.getByText('An assistant asks for this number.').waitFor()
  await section.getByText(reason).waitFor()
  await section.getByText('only if you know whose it is').waitFor()
  expect(await section.getByRole('code').count()).toBe(0)
  expect(await section.getByText('A name proves nothing.').count()).toBe(0)
  expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null)))).toEqual([])
  await button(page, `Allow ${MALLORY}`).click()
  await section.waitFor({ state: 'detached' })
  await page.getByRole('list', { name: 'Allowed numbers' }).getByText(MALLORY).waitFor()
  expect(stack.mallory.received).toEqual([])
  expect(asked.errors).toEqual([])
})

import { mkdirSync, renameSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, MALLORY, OWNER } from '../support/stack.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { Stage } from './states/stage.ts'

const DEFAULT_AGENT = 'Default agent'
const AGENT_FOR = 'Set an agent for…'
/** Of the list of the agents from which one is chosen for Alice. */
const AGENT_OF_ALICE = `${ALICE} United States / Canada`
const REACTION = 'Reaction that says “seen” (empty for none)'
const MINUTES = 'Minutes that a chosen agent stays active'

/** How a person works the settings. */
interface Hand {
  open: (page: Page) => Promise<void>
  /** Begins to choose an agent for one number. */
  pick: (page: Page, number: string) => Promise<void>
  choose: (page: Page, label: string, option: string) => Promise<void>
  type: (page: Page, label: string, text: string) => Promise<void>
}

const HANDS: Record<string, Hand> = {
  'the mouse': {
    open: (page) => page.getByText('Settings', { exact: true }).click(),
    async pick(page, number) {
      await page.getByRole('combobox', { name: AGENT_FOR }).fill(number)
      await page.getByRole('button', { name: 'Choose', exact: true }).click()
    },
    async choose(page, label, option) {
      await page.getByRole('combobox', { name: label }).selectOption({ label: option })
    },
    async type(page, label, text) {
      await page.getByLabel(label).click({ clickCount: 3 })
      await page.keyboard.press('Delete')
      await page.keyboard.type(text)
      await page.getByRole('heading', { name: 'WhatsApp', exact: true }).click()
    },
  },
  'the keyboard': {
    open: (page) => new Keyboard(page).press('Settings'),
    async pick(page, number) {
      await new Keyboard(page).tabTo(AGENT_FOR)
      await page.keyboard.type(number)
      await page.keyboard.press('Enter')
    },
    async choose(page, label, option) {
      await new Keyboard(page).tabTo(label)
      // The first and the last of the list; letters would be added to those typed a moment ago.
      await page.keyboard.press(option === 'Default' ? 'Home' : 'End')
    },
    async type(page, label, text) {
      await new Keyboard(page).tabTo(label)
      await page.keyboard.press('Control+A')
      await page.keyboard.press('Delete')
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    },
  },
}

describe.each(Object.entries(HANDS))('with %s', (_name, hand) => {
  let browser: Browser
  let server: AgentServer
  let stage: Stage
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    server = await AgentServer.start()
    stage = await Stage.start(browser, {
      allowFrom: [ALICE, MALLORY],
      channel: { agents: server.agents('ada', 'bob'), defaultAgent: 'ada' },
    })
    await stage.stack.link()
    page = await stage.open()
    await hand.open(page)
  })
  afterEach(async () => {
    await stage.stop()
    await server.stop()
    expect(stage.errors).toEqual([])
  })

  /** What stands in the file once `change` is in force. */
  async function after(change: () => Promise<void>): Promise<Record<string, unknown>> {
    const { stack } = stage
    const applied = stack.published('config.applied').length
    await change()
    await stack.until('the change', () => stack.published('config.applied').length > applied)
    const config = JSON.parse(stack.readConfig()) as { channels: { whatsapp: Record<string, unknown> } }
    return config.channels.whatsapp
  }

  async function expectAnswer(phoneNumber: string, text: string, answer: string): Promise<void> {
    const phone = stage.stack.phone(phoneNumber)
    await phone.sendText(OWNER, text)
    await phone.waitForText(answer)
  }

  test('the agents are chosen, who answer from then on', async () => {
    await hand.pick(page, ALICE)
    const one = await after(() => hand.choose(page, AGENT_OF_ALICE, 'bob'))
    expect(one['senders']).toEqual({ [ALICE]: { agent: 'bob' } })
    await expectAnswer(ALICE, 'one', 'bob: one')
    await expectAnswer(MALLORY, 'one', 'ada: one')

    const back = await after(() => hand.choose(page, AGENT_OF_ALICE, 'Default'))
    expect(JSON.stringify(back['senders'] ?? {})).not.toContain('agent')
    await expectAnswer(ALICE, 'two', 'ada: two')

    const all = await after(() => hand.choose(page, DEFAULT_AGENT, 'bob'))
    expect(all['defaultAgent']).toBe('bob')
    await expectAnswer(MALLORY, 'three', 'bob: three')
  })

  test('a choice that could not be saved is not shown, and what an editor saves is', async () => {
    const agentOfAlice = page.getByRole('combobox', { name: ALICE })
    await hand.pick(page, ALICE)
    await after(() => hand.choose(page, AGENT_OF_ALICE, 'bob'))
    await expect.poll(() => agentOfAlice.inputValue()).toBe('bob')
    await stage.editConfig(({ channels }) => (channels.whatsapp['senders'] = { [ALICE]: { agent: 'ada' } }))
    await expect.poll(() => agentOfAlice.inputValue()).toBe('ada')

    const { configPath } = stage.stack
    renameSync(configPath, `${configPath}.away`)
    mkdirSync(configPath)
    await hand.choose(page, AGENT_OF_ALICE, 'bob')
    await page.getByRole('alert').filter({ hasText: /\w/ }).first().waitFor()
    await expect.poll(() => agentOfAlice.inputValue()).toBe('ada')
  })

  test('the time is set for which a choice sticks', async () => {
    await expectAnswer(ALICE, '@bob one', 'bob: one')
    await expectAnswer(ALICE, 'two', 'bob: two')
    const set = await after(() => hand.type(page, MINUTES, '0'))
    expect(set['stickyTtlMinutes']).toBe(0)
    await expectAnswer(ALICE, 'three', 'ada: three')
  })

  test('the reaction is chosen, by name too, that people get before their answer', async () => {
    const { alice } = stage.stack
    const set = await after(() => hand.type(page, REACTION, 'eyes'))
    expect(set['ackReaction']).toEqual({ emoji: 'eyes' })
    await expect.poll(() => page.getByLabel(REACTION).inputValue()).toBe('👀')
    const { id } = await alice.sendText(OWNER, 'one')
    await alice.waitForText(({ reaction }) => reaction?.emoji === '👀' && reaction.id === id)
    await alice.waitForText('ada: one')

    await after(() => hand.type(page, REACTION, ''))
    await expectAnswer(ALICE, 'two', 'ada: two')
    expect(alice.received.filter(({ reaction }) => reaction !== undefined)).toHaveLength(1)
  })
})

import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/protocol/methods/session.ts'
import { configView, connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// Paths, settings and codes stand below "Details"; who has no shell in the sandbox is advised nothing else than to pass them on.

const PATH = '/sandbox/sandbox.config.json5'
const ADVICE = 'The environment variable KEY is not set. Set it where whatsappd is started.'
const FAILURE = 'the key of agent "ada" cannot be read: check apiKey'
const CURE = 'Check agents.ada.apiKey, which is an environment variable.'
const PASS_ON = 'Only the people who run your sandbox can solve this: tell them what is written here.'

const problem = {
  code: 'unset_variable',
  path: 'channels.whatsapp.name',
  line: 3,
  column: 5,
  message: ADVICE,
}
const at = '2026-03-03T12:00:00.000Z'
const lastFailure = { at, code: 'misconfigured' as const, message: FAILURE, action: CURE }
const assistant = {
  agent: 'ada',
  connector: 'openai',
  ok: false,
  since: at,
  lastSuccessAt: null,
  lastFailure,
}

const VIEWS: Record<string, [facts: Partial<Snapshot>, technical: [string, ...string[]]]> = {
  'a problem of the config file': [
    { config: configView({}, { valid: false, problems: [problem] }) },
    [ADVICE, 'channels.whatsapp.name', PATH, 'unset_variable'],
  ],
  'an entry without effect': [
    { config: configView({}, { entryProblems: [problem], entryProblemsTotal: 1 }) },
    [ADVICE, 'channels.whatsapp.name', PATH, 'unset_variable'],
  ],
  'a notice': [
    { config: configView({}, { notices: [{ ...problem, code: 'no_effect_yet' }], noticesTotal: 1 }) },
    [ADVICE, 'channels.whatsapp.name'],
  ],
  'a failure of the assistant': [
    { accounts: [{ ...connectedAccount(), assistant }] },
    [FAILURE, CURE, 'assistant.misconfigured'],
  ],
  'a failure of who writes down voice messages': [
    {
      accounts: [
        {
          ...connectedAccount(),
          assistant: {
            ...assistant,
            ok: true,
            lastFailure: null,
            transcription: { ok: false, since: at, lastSuccessAt: null, lastFailure },
          },
        },
      ],
    },
    [FAILURE, CURE, 'transcription.misconfigured'],
  ],
}

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(Object.entries(VIEWS))('%s', (name, [facts, technical]) => {
  async function open(card: string): Promise<Locator> {
    const scripted = await ScriptedPage.prepare(browser)
    scripted.show(facts)
    await openDashboard(scripted, card)
    return scripted.page.locator('whatsapp-card')
  }

  test('tells a hosted user whom to ask, and what to pass on below "Details"', async () => {
    const card = await open('<whatsapp-card hosted></whatsapp-card>')
    await card.getByText(/^(Details|Notes on the config file)/).waitFor()
    for (const text of technical) {
      expect(await card.getByText(text).filter({ visible: true }).count(), text).toBe(0)
    }
    await card.getByText(/^(Details|Notes on the config file)/).click()
    for (const text of technical) await card.getByText(text).filter({ visible: true }).first().waitFor()
    await card.getByText(PASS_ON).waitFor()
    expect(await card.getByText('in the package whatsappd').count()).toBe(0)
  })

  test('tells who runs the sandbox at once', async () => {
    const card = await open('<whatsapp-card></whatsapp-card>')
    await card.getByText(technical[0]).filter({ visible: true }).first().waitFor()
    if (name === 'a notice') return
    await card.getByText('Details').click()
    await card.getByText(/^Explained in docs.*, in the package whatsappd\.$/).waitFor()
    await card.getByRole('button', { name: 'Copy', exact: true }).waitFor()
    expect(await card.getByText(PASS_ON).count()).toBe(0)
  })
})

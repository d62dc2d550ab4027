import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { issueOwnToken } from '../../../src/control/auth/issue-own-token.ts'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { Stack } from '../../support/stack.ts'
import type { CardScene } from './scenes.ts'
import { button } from './stage.ts'

/** A program that reads the question and says nothing. */
const SILENT_AGENT = {
  agents: {
    silent: { connector: 'command', program: process.execPath, args: ['-e', 'process.stdin.resume()'] },
  },
  defaultAgent: 'silent',
}
const TWO_AGENTS = {
  agents: { ada: { connector: 'echo' }, grace: { connector: 'echo' } },
  defaultAgent: 'ada',
}
/** Sixty people of several countries, a third of them with a name, one with a long one, three with an agent of their own. */
const MANY = Array.from({ length: 60 }, (_, index) => {
  const code = ['+1212200', '+491511234', '+3361234', '+44791112'][index % 4] ?? ''
  return `${code}${3_000 + index}`
})
const MANY_NAMED = {
  ...TWO_AGENTS,
  senders: Object.fromEntries(
    MANY.filter((_number, index) => index % 3 === 0).map((number, index) => [
      number,
      {
        name: index === 1 ? 'Maximiliane Alexandra '.repeat(5).slice(0, 99).trim() : `Person ${index + 1}`,
        ...(index < 3 && { agent: 'grace' }),
      },
    ]),
  ),
}
const THREE_ACCOUNTS = {
  accounts: { home: { name: 'Home' }, shop: { name: 'Shop' }, fair: { name: 'Trade fair' } },
  defaultAccount: 'home',
  maxAccounts: 3,
}

async function linkHome(stack: Stack): Promise<void> {
  const offer = await stack.accounts.link('home', { method: 'qr' })
  if (offer.method === 'qr') await stack.owner.scan(offer.qr)
  await stack.until('home', () => stack.account('home').state === 'connected')
}

async function openNumbers(page: Page): Promise<void> {
  await button(page, 'Edit allowed numbers').click()
  await page.getByRole('textbox', { name: 'Add a number' }).fill('+49 151 1234')
}

/** Everything else that the card can show: the way to the daemon, dialogs, questions, several accounts. */
export const CARD_SCENES: readonly CardScene[] = [
  {
    name: 'several-accounts',
    words: 'Linked accounts',
    options: { channel: THREE_ACCOUNTS },
    before: linkHome,
  },
  {
    name: 'maximum-sessions',
    words: 'maxAccounts is 3',
    options: { channel: THREE_ACCOUNTS },
    before: linkHome,
    async after(page) {
      await button(page, 'Connect another account').click()
      await page.getByRole('textbox', { name: 'Name of the new account' }).fill('One too many')
      await button(page, 'Create').click()
    },
  },
  {
    name: 'disconnect-question',
    words: 'A new scan is needed to connect again',
    before: (stack) => stack.link(),
    after: (page) => button(page, 'Disconnect').click(),
  },
  {
    name: 'edit-numbers',
    words: 'Only these people get answers.',
    options: { allowFrom: [ALICE, '+4915112345678'] },
    before: (stack) => stack.link(),
    after: openNumbers,
  },
  {
    name: 'many-numbers',
    words: '+52 more',
    options: { allowFrom: MANY, channel: MANY_NAMED },
    before: (stack) => stack.link(),
  },
  {
    name: 'many-numbers-dialog',
    words: 'and 10 more: type into the filter to find them',
    options: { allowFrom: MANY, channel: MANY_NAMED },
    before: (stack) => stack.link(),
    after: (page) => button(page, 'Edit allowed numbers').click(),
  },
  {
    name: 'agents-of-many',
    words: 'Set an agent for…',
    options: { allowFrom: MANY, channel: MANY_NAMED },
    before: (stack) => stack.link(),
    after: (page) => page.getByText('Settings', { exact: true }).click(),
  },
  {
    name: 'number-refused',
    words: 'Begin with + and the country code.',
    async after(page) {
      await openNumbers(page)
      await page.getByRole('textbox', { name: 'Add a number' }).fill('0151 12345678')
      await button(page, 'Add').click()
    },
  },
  {
    name: 'merged-numbers',
    words: 'Somebody else changed the list meanwhile.',
    async after(page, { editConfig }) {
      await openNumbers(page)
      await page.getByRole('textbox', { name: 'Add a number' }).fill('+4915112345678')
      await button(page, 'Add').click()
      await editConfig(({ channels }) => (channels.whatsapp['allowFrom'] = [ALICE, MALLORY]))
      await button(page, 'Save').click()
    },
  },
  {
    name: 'blocked-sender',
    words: 'Wrote, but is not allowed',
    async before(stack) {
      await stack.link()
      await stack.mallory.sendText(OWNER, 'Let me in')
      await stack.untilEvent('message.blocked')
    },
  },
  {
    name: 'handed-over',
    words: 'Wait for a person',
    options: { channel: SILENT_AGENT },
    async before(stack) {
      await stack.link()
      await stack.alice.sendText(OWNER, 'May I speak to a person?')
      await stack.until('the hand-over', () => stack.account().handedOver?.length === 1)
    },
  },
  {
    name: 'taken-over',
    words: 'A person answers',
    async before(stack) {
      await stack.link()
      await stack.alice.sendText(OWNER, 'When do you open?')
      await stack.untilEvent('message.sent')
      const client = await stack.client()
      await client.request('conversations.takeOver', {
        account: 'default',
        conversation: ALICE,
        minutes: 60,
      })
      client.close()
    },
    async after(page) {
      await button(page, `Hand ${ALICE} back to the assistant`).waitFor()
    },
  },
  {
    name: 'failed-replies',
    words: 'Replies that were not sent',
    async before(stack) {
      await stack.link()
      const refusal = stack.simulator.faults.refuseMessages(463)
      for (const text of ['When do we meet?', 'Are you there?']) {
        await stack.alice.sendText(OWNER, text)
        await stack.untilEvent('message.failed')
      }
      refusal.clear()
      await stack.mallory.sendText(OWNER, 'Let me in')
      await stack.untilEvent('message.blocked')
    },
  },
  {
    name: 'settings',
    words: 'Default agent',
    options: { channel: TWO_AGENTS },
    before: (stack) => stack.link(),
    after: (page) => page.getByText('Settings', { exact: true }).click(),
  },
  {
    name: 'allow-everybody-question',
    words: 'Everybody who writes to this number would get answers.',
    before: (stack) => stack.link(),
    async after(page) {
      await page.getByText('Settings', { exact: true }).click()
      await page.getByRole('switch', { name: 'Allow everybody' }).click()
    },
  },
  {
    name: 'share',
    words: 'https://wa.me/',
    before: (stack) => stack.link(),
    after: (page) => page.getByText('Share this number').click(),
  },
  {
    name: 'config-problem',
    words: 'The config file has a problem.',
    async after(_page, { stack }) {
      stack.writeRawConfig(stack.readConfig().replace('"allowFrom": [', '"allowFrm": [], "allowFrom": ['))
      await stack.untilEvent('config.rejected')
    },
  },
  {
    name: 'daemon-offline',
    words: 'The daemon is offline.',
    before: (stack) => stack.link(),
    async after(page, { stack }) {
      await page.getByText('WhatsApp is connected.').waitFor()
      await stack.stopDaemon()
    },
  },
  {
    name: 'tunnel-unreachable',
    words: 'The way to the sandbox is closed.',
    before: (stack) => stack.link(),
    async after(page, { tunnel }) {
      await page.getByText('WhatsApp is connected.').waitFor()
      await tunnel.stop()
    },
  },
  {
    name: 'unauthorized',
    words: 'This page has no access to the daemon any more.',
    after: (page) => standAlone(page, 'no-such-token'),
  },
  {
    name: 'unauthorized-hosted',
    words: 'The token is not valid. Sign in again.',
    after: (page) => standAlone(page, 'no-such-token', { hosted: true }),
  },
  {
    name: 'token-without-read',
    words: 'Give it the scope read: without it the card can show no account.',
    async after(page, { stack }) {
      const localToken = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
      const grant = { scopes: ['link', 'config'], lifetimeSeconds: 600, subject: 'page' } as const
      await standAlone(page, await issueOwnToken(localToken, grant, new Date()))
    },
  },
  {
    // The page's own policy allows connections to its own address alone.
    name: 'blocked-by-page',
    words: 'Add wss://elsewhere.test and https://elsewhere.test to connect-src',
    after: (page) => standAlone(page, 'any', { url: 'wss://elsewhere.test/v1/ws' }),
  },
  {
    name: 'wrong-path',
    words: 'The daemon answers, but its WebSocket is at another path.',
    after: (page) => standAlone(page, 'any', { path: '/socket' }),
  },
  {
    name: 'no-token',
    words: 'This page could not get a token.',
    async after(page) {
      await standAlone(page, null)
      await page.evaluate(() => {
        const card = document.querySelector('whatsapp-card')
        if (card === null) throw new Error('the page has no card')
        card.url = `${location.origin.replace(/^http/, 'ws')}/v1/ws`
        card.token = () => Promise.reject(new TypeError('Failed to fetch'))
      })
    },
  },
  {
    name: 'not-configured',
    words: 'WhatsApp is not configured for this page.',
    after: (page) => standAlone(page, null),
  },
]

/** The card as a dashboard's page makes it, in the place of ours. */
async function standAlone(
  page: Page,
  token: string | null,
  given: { hosted?: boolean; url?: string; path?: string } = {},
): Promise<void> {
  await page.evaluate(
    ({ token: held, hosted = false, path = '/v1/ws', url }) => {
      const card = document.createElement('whatsapp-card')
      card.hosted = hosted
      card.url = held === null ? null : (url ?? `${location.origin.replace(/^http/, 'ws')}${path}`)
      card.token = held
      const main = document.createElement('main')
      main.style.cssText = 'display: grid; justify-items: center; padding: 40px 24px'
      const title = document.createElement('h1')
      title.textContent = 'Integrations'
      main.append(title, card)
      document.body.replaceChildren(main)
    },
    { token, ...given },
  )
}

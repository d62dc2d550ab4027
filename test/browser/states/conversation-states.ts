import type { Page } from 'playwright-core'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { Stack, StackOptions } from '../../support/stack.ts'
import { pngFile } from '../../support/media-files.ts'
import type { Stage } from './stage.ts'

/** One thing that the conversations view can show, and how a real daemon is brought to it. */
export interface ConversationScene {
  /** Of the test and the screenshot; unique. */
  name: string
  /** What the person reads then. */
  words: string
  options?: StackOptions
  /** While nobody looks yet. */
  before?: (stack: Stack) => Promise<void>
  /** On the open page, with the conversations chosen. */
  after?: (page: Page, stage: Stage) => Promise<void>
}

const ALLOWED: StackOptions = { allowFrom: [ALICE, MALLORY] }
/** Says nothing to `wait`, and so leaves it to a person; else what it was asked. */
const HANDS_OVER = `let all = ''
process.stdin.on('data', (data) => (all += data)).on('end', () => {
  if (!all.includes('human')) process.stdout.write('The shop is open from nine to five. Shall I note an appointment?')
})`
const SHOP: StackOptions = {
  ...ALLOWED,
  channel: {
    agents: {
      shop: { connector: 'command', program: process.execPath, args: ['-e', HANDS_OVER] },
    },
    defaultAgent: 'shop',
  },
}

async function talk(stack: Stack): Promise<void> {
  await stack.link()
  await stack.mallory.sendText(OWNER, 'Do you have the blue one in size 42?')
  await stack.alice.sendText(OWNER, 'Hello, when do you *open*?\nhttps://shop.example/hours')
  await stack.until('the answers', () => stack.published('message.sent').length === 2)
  const answer = await stack.alice.waitForText(({ text }) => text !== '')
  await stack.alice.react(answer, '👍')
  await stack.alice.sendMedia(OWNER, {
    kind: 'image',
    data: pngFile(320, 200),
    mimeType: 'image/png',
    width: 320,
    height: 200,
    caption: 'It is the one on this picture',
  })
  await stack.until('three answers', () => stack.published('message.sent').length === 3)
}

async function openAlice(page: Page): Promise<void> {
  await page.getByRole('option').filter({ hasText: 'Alice' }).click()
  await page.getByRole('textbox', { name: 'Reply to Alice' }).waitFor()
}

/** Everything that the conversations view can show. */
export const CONVERSATION_SCENES: readonly ConversationScene[] = [
  { name: 'conversations-none', words: 'Nobody has written yet.', before: (stack) => stack.link() },
  { name: 'conversations', words: 'No conversation has been chosen.', options: SHOP, before: talk },
  {
    name: 'conversation',
    words: 'The assistant answers here.',
    options: SHOP,
    before: talk,
    after: openAlice,
  },
  {
    name: 'conversation-waiting',
    words: 'A person is waited for since',
    options: SHOP,
    async before(stack) {
      await talk(stack)
      await stack.alice.sendText(OWNER, 'May I speak to a human?')
      await stack.until('the hand-over', () => stack.account().handedOver?.length === 1)
    },
    after: openAlice,
  },
  {
    name: 'conversation-taken-over',
    words: 'The assistant is paused here.',
    options: SHOP,
    before: talk,
    async after(page, { stack }) {
      await openAlice(page)
      await page.getByRole('textbox', { name: 'Reply to Alice' }).fill('I have put it aside for you.')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await stack.alice.waitForText(({ text }) => text.includes('put it aside'))
    },
  },
  {
    name: 'conversation-search',
    words: 'nine to five',
    options: SHOP,
    before: talk,
    async after(page) {
      await page.getByRole('searchbox').fill('open')
      await page.getByRole('option').filter({ hasText: 'open' }).first().waitFor()
    },
  },
  {
    name: 'conversation-details',
    words: 'Save the details',
    options: SHOP,
    before: talk,
    async after(page) {
      await openAlice(page)
      await page.getByRole('button', { name: 'More of this conversation' }).click()
      await page.getByRole('button', { name: 'Details', exact: true }).click()
    },
  },
  {
    name: 'conversation-failed',
    words: 'Send again',
    options: ALLOWED,
    async before(stack) {
      await stack.link()
      stack.simulator.faults.refuseMessages(463)
      await stack.alice.sendText(OWNER, 'When do we meet?')
      await stack.untilEvent('message.failed')
    },
    after: openAlice,
  },
  {
    name: 'conversation-not-allowed',
    words: 'This person is not on the list of allowed people',
    options: ALLOWED,
    async before(stack) {
      await stack.link()
      await stack.alice.sendText(OWNER, 'Hello')
      await stack.untilEvent('message.sent')
    },
    async after(page, { editConfig }) {
      await openAlice(page)
      await editConfig(({ channels }) => (channels.whatsapp['allowFrom'] = [MALLORY]))
    },
  },
  {
    name: 'conversation-request',
    words: 'Ask for access',
    options: { channel: { dmPolicy: 'pairing' } },
    async before(stack) {
      await stack.link()
      await stack.mallory.sendText(OWNER, 'Let me in')
      await stack.untilEvent('pairing.requested')
    },
  },
]

import type { Page } from 'playwright-core'
import type { Template } from '../../../src/simulator/business/management/template.ts'
import type { BusinessDaemon, BusinessDaemonOptions } from '../../support/business-daemon.ts'
import type { BusinessScene } from './business-stage.ts'

const HOUR_MS = 3_600_000

const TEMPLATES: readonly (Pick<Template, 'name' | 'components'> & Partial<Template>)[] = [
  {
    name: 'order_ready',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
      { type: 'BODY', text: 'Hello {{1}}, your order {{2}} is ready.' },
      { type: 'FOOTER', text: 'Corner Shop' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Thanks' }] },
    ],
  },
  {
    name: 'still_interested_in_what_we_talked_about_last_week',
    category: 'MARKETING',
    components: [
      {
        type: 'BODY',
        text: 'Hello, is there anything else that we can do for you? We are here from nine to five, and on Saturdays until noon.',
      },
    ],
  },
]
const MANY = Array.from({ length: 12 }, (_, index) => ({
  name: `appointment_reminder_${index + 1}`,
  components: [{ type: 'BODY' as const, text: `Hello {{1}}, you have an appointment on day ${index + 1}.` }],
}))

/** Everybody writes so long ago. */
function hoursAgo(hours: number, more: BusinessDaemonOptions = {}): BusinessDaemonOptions {
  return { ...more, platform: { now: () => Date.now() - hours * HOUR_MS } }
}

async function write(business: BusinessDaemon, templates: typeof TEMPLATES = TEMPLATES): Promise<void> {
  const { alice, number, platform } = business
  for (const template of templates) platform.addTemplate(number, template)
  alice.write(number, 'Hello, is my bicycle ready?')
  await business.untilEvent('message.received')
}

async function openAlice(page: Page): Promise<void> {
  await page.getByRole('option').filter({ hasText: 'Alice' }).click()
  await page.getByRole('textbox', { name: 'Reply to Alice' }).waitFor()
}

async function openTemplates(page: Page): Promise<void> {
  await openAlice(page)
  await page.getByRole('button', { name: 'Send a template' }).click()
  await page.getByRole('heading', { name: 'Send a template' }).waitFor()
}

/** A person whose number the business does not know. */
async function writeWithoutNumber(business: BusinessDaemon): Promise<void> {
  const { platform, number } = business
  platform.faults.hidesNumbers = true
  platform.addPerson({ name: 'Nora', username: 'nora.n' }).write(number, 'Hello')
  await business.untilEvent('message.sent')
}

async function openNora(page: Page): Promise<void> {
  await page.getByRole('option').filter({ hasText: 'Nora' }).click()
}

const EVERYBODY: BusinessDaemonOptions = { allowFrom: ['*'], channel: { dmPolicy: 'open' } }

const SCENES: readonly Omit<BusinessScene, 'isConversations'>[] = [
  {
    name: 'window-open',
    words: /Replies until .* tomorrow\./,
    before: (business) => write(business),
    after: openAlice,
  },
  {
    name: 'window-closing',
    words: /Replies for (?:30|29) mins more\./,
    options: hoursAgo(23.5),
    before: (business) => write(business),
    after: openAlice,
  },
  {
    name: 'window-closed',
    words: 'The time in which WhatsApp takes free texts is over.',
    options: hoursAgo(25),
    before: (business) => write(business),
    after: openAlice,
  },
  {
    name: 'templates',
    words: 'order_ready',
    options: hoursAgo(25),
    before: (business) => write(business),
    after: openTemplates,
  },
  {
    name: 'templates-many',
    words: 'appointment_reminder_9',
    options: hoursAgo(25),
    before: (business) => write(business, MANY),
    after: openTemplates,
  },
  {
    name: 'templates-none',
    words: 'There is no approved template.',
    options: hoursAgo(25),
    before: (business) => write(business, []),
    after: openTemplates,
  },
  {
    name: 'templates-refused',
    words: 'Load again',
    options: hoursAgo(25),
    async before(business) {
      business.platform.faults.strike('templates', { kind: 'error', code: 200 })
      await write(business)
    },
    after: openTemplates,
  },
  {
    name: 'template-form',
    words: 'This place needs a value.',
    options: hoursAgo(25),
    before: (business) => write(business),
    async after(page) {
      await openTemplates(page)
      await page.getByRole('button', { name: 'order_ready' }).click()
      await page.locator('.template input').first().fill('4711')
      await page.getByRole('button', { name: 'Send the template' }).click()
    },
  },
  {
    name: 'template-sent',
    words: 'Template: order_ready',
    options: hoursAgo(25),
    before: (business) => write(business),
    async after(page, business) {
      await openTemplates(page)
      await page.getByRole('button', { name: 'order_ready' }).click()
      for (const field of await page.locator('.template input').all()) await field.fill('4711')
      await page.getByRole('button', { name: 'Send the template' }).click()
      const { alice, number } = business
      await business.until('it on the phone', () => alice.seen(number).templates.length === 1)
    },
  },
  {
    name: 'send-refused',
    words: 'Send again',
    async before(business) {
      business.platform.faults.strike('send', { kind: 'error', code: 131_026 })
      await write(business)
      await business.untilEvent('message.failed')
    },
    after: openAlice,
  },
  {
    name: 'number-wanted',
    words: 'Ask for the number',
    options: EVERYBODY,
    before: writeWithoutNumber,
    after: openNora,
  },
  {
    name: 'number-asked',
    words: 'Asks for the phone number',
    options: EVERYBODY,
    before: writeWithoutNumber,
    async after(page) {
      await openNora(page)
      await page.getByRole('button', { name: 'Ask for the number' }).click()
    },
  },
]

/** What the conversations view shows of Business numbers alone. */
export const BUSINESS_CONVERSATION_SCENES: readonly BusinessScene[] = SCENES.map((scene) => ({
  ...scene,
  isConversations: true,
}))

import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { Stage } from '../states/stage.ts'

/** The page with the conversations on it, as wide as a desktop. */
export async function openConversations(stage: Stage, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await stage.open({ viewport: { width: 1100, height: 860 }, ...options })
  await page.getByRole('tab', { name: 'Conversations' }).click()
  await page.locator('whatsapp-conversations').waitFor()
  return page
}

/** The row of a conversation in the list. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('option').filter({ hasText: name })
}

/** The messages of the open conversation. */
export function messagesWith(page: Page, name: string): Locator {
  return page.getByRole('group', { name: `Messages with ${name}` })
}

/** One message, by a part of its text. */
export function message(page: Page, text: string): Locator {
  return page.locator('[data-message]').filter({ hasText: text })
}

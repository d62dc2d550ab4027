import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './open-browser.ts'
import { openConversations } from './conversations/open-conversations.ts'
import { BUSINESS_CONVERSATION_SCENES } from './states/business-conversation-states.ts'
import { BusinessStage } from './states/business-stage.ts'
import type { BusinessScene } from './states/business-stage.ts'
import { BUSINESS_SCENES } from './states/business-states.ts'
import { CONVERSATION_SCENES } from './states/conversation-states.ts'
import type { ConversationScene } from './states/conversation-states.ts'
import type { CardScene } from './states/scenes.ts'
import { SCENES } from './states/scenes.ts'
import { Stage } from './states/stage.ts'
import { speak, stressed } from './states/stress.ts'

// Pictures of everything that the card and the conversations view can show, in light and in dark, made by the real daemon: `make screenshots`, or
// `make screenshots ARGS="--width 320,390,768,1200 --only connected"`; the pictures of several widths are named for them. With
// `--stress`: sixty numbers, long names, and everything in longer words (`-de`) and from right to left (`-ar`), too.

/** The ones that the README shows are kept in the repository. */
const KEPT = new Set([
  'not-linked-light',
  'awaiting-scan-light',
  'connected-light',
  'connected-dark',
  'several-accounts-light',
  'conversation-light',
])

/** Pixels; the pictures of the repository have this width. */
const KEPT_WIDTH = 540
/** In the place of it, of the conversations. */
const CONVERSATIONS_WIDTH = 1_100
const MARGIN = 40

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    kept: { type: 'string', default: 'docs/screenshots' },
    only: { type: 'string' },
    width: { type: 'string', default: String(KEPT_WIDTH) },
    stress: { type: 'boolean', default: false },
  },
})
const widths = values.width.split(',').map(Number)

async function photographAt(
  page: Page,
  name: string,
  width: number,
  element = 'whatsapp-card',
  keptWidth = KEPT_WIDTH,
): Promise<void> {
  await page.setViewportSize({ width, height: 900 })
  await page.evaluate(() => scrollTo(0, 0))
  const { y = 0, height = 0 } = (await page.locator(element).boundingBox()) ?? {}
  await page.setViewportSize({ width, height: Math.ceil(y + height) + MARGIN })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const suffix = widths.length === 1 ? '' : `-${width}`
    const path = join(values.out, `${name}-${colorScheme}${suffix}.png`)
    await page.screenshot({ path, animations: 'disabled' })
    if (width !== keptWidth || values.stress || !KEPT.has(`${name}-${colorScheme}`)) continue
    const kept = join(values.kept, `${name}-${colorScheme}.jpeg`)
    await page.screenshot({ path: kept, quality: 62, animations: 'disabled' })
  }
}

async function photograph(browser: Browser, scene: CardScene): Promise<void> {
  const { name, words, options, before, after } = values.stress ? stressed(scene) : scene
  const stage = await Stage.start(browser, options, before)
  try {
    const page = await stage.open()
    await after?.(page, stage)
    await page.getByText(words).first().waitFor()
    for (const width of widths) await photographAt(page, name, width)
    for (const language of values.stress ? (['de', 'ar'] as const) : []) {
      await speak(page, language)
      for (const width of widths) await photographAt(page, `${name}-${language}`, width)
    }
  } finally {
    await stage.stop()
  }
}

async function photographConversations(browser: Browser, scene: ConversationScene): Promise<void> {
  const { name, words, options, before, after } = scene
  const stage = await Stage.start(browser, options, before)
  try {
    const page = await openConversations(stage)
    await after?.(page, stage)
    await page.getByText(words).first().waitFor()
    for (const width of widths)
      await photographAt(
        page,
        name,
        width === KEPT_WIDTH ? CONVERSATIONS_WIDTH : width,
        'whatsapp-conversations',
        CONVERSATIONS_WIDTH,
      )
  } finally {
    await stage.stop()
  }
}

async function photographBusiness(browser: Browser, scene: BusinessScene): Promise<void> {
  const { name, isConversations } = scene
  const stage = await BusinessStage.start(browser, scene)
  const element = BusinessStage.elementOf(scene)
  const kept = isConversations ? CONVERSATIONS_WIDTH : KEPT_WIDTH
  try {
    const shoot = async (as: string): Promise<void> => {
      for (const width of widths)
        await photographAt(stage.page, as, width === KEPT_WIDTH ? kept : width, element, kept)
    }
    await shoot(name)
    for (const language of values.stress ? (['de', 'ar'] as const) : []) {
      await speak(stage.page, language, element)
      await shoot(`${name}-${language}`)
    }
  } finally {
    await stage.stop()
  }
}

if (values.only === undefined) rmSync(values.out, { recursive: true, force: true })
mkdirSync(values.out, { recursive: true })
const browser = await openBrowser()
try {
  const isWanted = ({ name }: { name: string }): boolean =>
    values.only === undefined || values.only.split(',').includes(name)
  for (const scene of SCENES.filter(isWanted)) await photograph(browser, scene)
  for (const scene of CONVERSATION_SCENES.filter(isWanted)) await photographConversations(browser, scene)
  for (const scene of [...BUSINESS_SCENES, ...BUSINESS_CONVERSATION_SCENES].filter(isWanted))
    await photographBusiness(browser, scene)
} finally {
  await browser.close()
}
process.stdout.write(`screenshots: ${values.out}/\n`)

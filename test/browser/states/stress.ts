import type { Page } from 'playwright-core'
import { AGENT_FAILURES } from '../../../src/protocol/account/agent-failures.ts'
import { ERRORS } from '../../../src/protocol/errors.ts'
import { REASONS } from '../../../src/protocol/reasons.ts'
import { CARD_TEXTS } from '../../../src/web/card/text/card-texts.ts'
import { CONVERSATIONS_TEXTS } from '../../../src/web/conversations/text/conversations-texts.ts'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import type { CardScene } from './scenes.ts'

/** As long as the config takes it. */
const LISTED_NAME = 'Maximiliane Alexandra '.repeat(5).slice(0, 99).trim()
/** A name of 200 characters, half of it without a place to break. */
const PROFILE_NAME = `${'Maximiliane '.repeat(9)}${'Donaudampfschiff'.repeat(6)}`.slice(0, 200)
const NUMBERS = Array.from({ length: 59 }, (_, index) => `+49151123450${String(index).padStart(2, '0')}`)

/** The scene with sixty allowed numbers, every second one with a long name, and with long names of those who write. */
export function stressed(scene: CardScene): CardScene {
  const { options = {} } = scene
  const isEmpty = options.allowFrom?.length === 0
  const isFull = (options.allowFrom?.length ?? 0) > 2
  const senders = Object.fromEntries(
    [ALICE, ...NUMBERS]
      .filter((_, index) => index % 2 === 0)
      .map((number) => [number, { name: LISTED_NAME }]),
  )
  return {
    ...scene,
    options: {
      ...options,
      ...(!isEmpty &&
        !isFull && { allowFrom: [ALICE, ...NUMBERS], channel: { senders, ...options.channel } }),
      prepare(stack) {
        options.prepare?.(stack)
        for (const number of [OWNER, MALLORY])
          Object.assign(stack.phone(number).account.primary, { name: PROFILE_NAME })
      },
    },
  }
}

type Language = 'de' | 'ar'

/** Every text of the card, of the conversations and of the daemon as long as German makes it, or in Arabic letters; what stands in braces stays. */
function translation(language: Language): Record<string, string> {
  const translate = language === 'de' ? longer : inArabic
  const texts = [...CARD_TEXTS, ...CONVERSATIONS_TEXTS].map((text) => [text, translate(text)])
  const sentences: [string, { message: string; action?: string }][] = [
    ...Object.entries(AGENT_FAILURES),
    ...Object.entries(ERRORS),
    ...Object.entries(REASONS),
  ]
  const said = sentences.flatMap(([code, { message, action = '' }]) => [
    [code, translate(message)],
    [`${code}.action`, translate(action)],
  ])
  return { ...Object.fromEntries([...texts, ...said]), lang: language }
}

/** Two fifths longer, in words as long as German ones. */
function longer(text: string): string {
  return text.replaceAll(/\{\w+\}|\p{L}+/gu, (word) =>
    word.startsWith('{') ? word : word + 'ungen'.slice(0, Math.ceil(word.length * 0.4)),
  )
}

function inArabic(text: string): string {
  const letters = 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'
  return text.replaceAll(/\{\w+\}|\p{L}/gu, (found) =>
    found.startsWith('{') ? found : (letters[(found.codePointAt(0) ?? 0) % letters.length] ?? found),
  )
}

/** Shows the page, and the texts of this element, in this language, from right to left where it is written so. */
export async function speak(page: Page, language: Language, element = 'whatsapp-card'): Promise<void> {
  await page.evaluate(
    (lang) => Object.assign(document.documentElement, { lang, dir: lang === 'ar' ? 'rtl' : 'ltr' }),
    language,
  )
  await page
    .locator(element)
    .evaluate((shown, strings) => Object.assign(shown, { strings }), translation(language))
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CARD_TEXTS } from '../../../../../src/web/card/text/card-texts.ts'
import { CONVERSATIONS_TEXTS } from '../../../../../src/web/conversations/text/conversations-texts.ts'

const DIRECTORY = 'src/web/conversations'
const SOURCES = readdirSync(DIRECTORY, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('conversations-texts.ts'))
  .map((path) => readFileSync(join(DIRECTORY, path), 'utf8'))
  .join('\n')

test('translators are given nothing that the view does not say', () => {
  const isSaid = (text: string): boolean => SOURCES.includes(`'${text}'`) || SOURCES.includes(`"${text}"`)
  expect(CONVERSATIONS_TEXTS.filter((text) => !isSaid(text))).toEqual([])
})

test('what the card says too is in its table alone', () => {
  const ofCard: readonly string[] = CARD_TEXTS
  expect(CONVERSATIONS_TEXTS.filter((text) => ofCard.includes(text))).toEqual([])
  expect(new Set(CONVERSATIONS_TEXTS).size).toBe(CONVERSATIONS_TEXTS.length)
})

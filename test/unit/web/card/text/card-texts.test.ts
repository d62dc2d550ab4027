import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SETTING_FIELDS } from '../../../../../src/control/views/setting-fields.ts'
import { CARD_TEXTS } from '../../../../../src/web/card/text/card-texts.ts'
import { words } from '../../../../../src/web/elements/language/words.ts'

const SOURCES = readdirSync('src/web', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('card-texts.ts'))
  .map((path) => readFileSync(join('src/web', path), 'utf8'))
  .join('\n')

/** The labels and hints of the fields that settings declare. */
const DECLARED = SETTING_FIELDS.flatMap(({ label, hint }) => [label, hint ?? []].flat())

test('translators are given nothing that the card does not say', () => {
  const unused = CARD_TEXTS.filter((text) => !SOURCES.includes(`'${text}'`) && !SOURCES.includes(`"${text}"`))
  expect(unused.filter((text) => !DECLARED.includes(text))).toEqual([])
})

test('translators are given the words of every setting', () => {
  const given: readonly string[] = CARD_TEXTS
  expect(DECLARED.filter((text) => !given.includes(text))).toEqual([])
})

test('every text can be replaced, with its values', () => {
  const say = words({ 'Until {date}.': 'Bis {date}.' })
  expect(say('Until {date}.', { date: 'morgen' })).toBe('Bis morgen.')
  expect(say('Attempt {number} failed.', { number: 3 })).toBe('Attempt 3 failed.')
})

test("the daemon's sentences can be replaced by their codes", () => {
  const say = words({ not_linked: 'Nicht verbunden.', 'not_linked.action': 'Scanne.' })
  expect(say.said({ code: 'not_linked', message: 'Not connected.', action: 'Scan.' })).toEqual([
    'Nicht verbunden.',
    'Scanne.',
  ])
  expect(say.said({ code: 'starting', message: 'Connecting.' })).toEqual(['Connecting.', ''])
})

import { describe, expect, it } from 'vitest'
import { sentencesIn, TRANSLATIONS } from '../../../../src/conversations/notices/sentences-in.ts'
import { SENTENCES, type Sentences } from '../../../../src/conversations/notices/sentences.ts'
import { type Language, LANGUAGES } from '../../../../src/protocol/config/languages.ts'

/** What every language may have as English does. */
const COMMON: readonly string[] = ['item', 'itemWith', 'helpLine']
const KEYS = Object.keys(SENTENCES).filter((key): key is keyof Sentences => key in SENTENCES)
const OTHERS = LANGUAGES.filter((language) => language !== 'en')
const INSERTS = ['xb-0', 'llama3.2', '12:30', 'xa-1']
const NUMBERS = [1, 2, 3, 11, 30, 100]
const ISOLATES = /[\u2066-\u2069\u200F]/g

type Compose = (...inserts: (string | number)[]) => string

/** A sentence with something at every place, for each of the numbers. */
function shown(table: Sentences, key: keyof Sentences): string[] {
  const sentence = table[key]
  if (typeof sentence === 'string') return [sentence]
  // Called with a text or a number in each place: both are only written.
  const compose = sentence as Compose
  return NUMBERS.map((number) => compose(...placesOf(key, number)))
}

function placesOf(key: keyof Sentences, number: number): (string | number)[] {
  const { length } = SENTENCES[key]
  const names = /count|minutes|megabytes/.exec(String(SENTENCES[key])) === null ? 0 : 1
  return [...INSERTS.slice(0, length - names), ...(names === 1 ? [number] : [])]
}

const commandsIn = (text: string): string[] => (text.match(/\/[a-z]+( default)?/g) ?? []).toSorted()

describe.each(OTHERS)('%s', (language: Language) => {
  const table = sentencesIn(language)

  it('has every sentence, in words of its own', () => {
    expect(KEYS.filter((key) => !COMMON.includes(key) && TRANSLATIONS[language][key] === undefined)).toEqual(
      [],
    )
    const same = KEYS.filter((key) => typeof table[key] === 'string' && table[key] === SENTENCES[key])
    expect(same).toEqual([])
  })

  it('names the same commands and everything that is inserted', () => {
    for (const key of KEYS) {
      const english = shown(sentencesIn('en'), key)
      for (const [index, text] of shown(table, key).entries()) {
        const plain = text.replaceAll(ISOLATES, '')
        const expected = english[index] ?? ''
        expect({ key, commands: commandsIn(plain) }).toEqual({ key, commands: commandsIn(expected) })
        const named = (words: string): string[] => INSERTS.filter((insert) => words.includes(insert))
        expect({ key, inserts: named(plain) }).toEqual({ key, inserts: named(expected) })
        expect(plain.trim()).toBe(plain)
      }
    }
  })
})

describe('in Arabic', () => {
  it.each(KEYS)('%s is written from right to left, and what is inserted keeps its direction', (key) => {
    for (const text of shown(sentencesIn('ar'), key)) {
      let depth = 0
      let outside = ''
      for (const character of text) {
        if (/[\u2066-\u2068]/.test(character)) depth += 1
        else if (character === '\u2069') depth -= 1
        else if (depth === 0) outside += character
        expect(depth).toBeGreaterThanOrEqual(0)
      }
      expect(depth).toBe(0)
      // Nothing that is written from left to right stands between the Arabic words.
      expect(outside).not.toMatch(/[A-Za-z/@]/)
      expect(outside).toMatch(/^[^\p{L}]*(\u200F|\p{Script=Arabic})/u)
    }
  })

  it('counts as Arabic does', () => {
    const { stoppedWaiting } = sentencesIn('ar')
    expect(new Set([1, 2, 3, 11].map((count) => stoppedWaiting(count).replaceAll(/\d/g, ''))).size).toBe(4)
  })
})

it('an Arabic name does not turn an English sentence', () => {
  expect(sentencesIn('en').agentAnswersAgain('ليلى')).toBe('\u2068ليلى\u2069 answers you here again.')
  expect(sentencesIn('en').agentAnswersAgain('ada')).toBe('ada answers you here again.')
})

it('numbers have the separators of their language', () => {
  expect(sentencesIn('de').andMore(1234)).toBe('und 1.234 weitere')
  expect(sentencesIn('fr').andMore(1234)).toMatch(/^et 1\s234 de plus$/)
})

/**
 * 210 answers as models write them, by family in `test/unit/text/answers/*.md`, and what people see of each (`shown/`). Where the two
 * differ by more than marks from the tree of a parser as it comes (markup, thoughts, tables, formulas), `shown/` says so.
 */
import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readMarkdown } from '../../text/markdown/read-markdown.ts'
import { readWhatsApp } from '../../text/markdown/read-whatsapp.ts'
import { messagesOf, pieced, shownTogether } from './streamed-messages.ts'

const DIRECTORY = join(import.meta.dirname, '../../text/answers')
const WHOLE = { format: 'markdown', isStreamed: false, coalesce: null, textChunkLimit: 60_000 } as const

interface Answer {
  name: string
  written: string
  shown: string
  isAsTree: boolean
}

const answers = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.md'))
  .flatMap((file): Answer[] => {
    const family = file.replace('.md', '')
    const written = readFileSync(join(DIRECTORY, file), 'utf8').replace(/\n$/, '').split('\n<<<<<<<<\n')
    const shown = readFileSync(join(DIRECTORY, 'shown', `${family}.txt`), 'utf8').matchAll(
      /^<<<<<<<<(.*)\n([^]*?)\n(?=<<<<<<<<|$(?![^]))/gm,
    )
    return Array.from(shown, ([, way, text = ''], index) => ({
      name: `${family} ${index + 1}`,
      written: written[index] ?? '',
      shown: text,
      isAsTree: way === '',
    }))
  })

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

it('are at least two hundred', () => {
  expect(answers.length).toBeGreaterThanOrEqual(200)
})

describe.each(answers)('the answer $name', ({ written, shown }) => {
  it('is shown as a person expects', async () => {
    expect((await messagesOf([written], WHOLE)).join('\n').trim()).toBe(shown)
  })

  it('is the same in random pieces', async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (places, isStreamed) => {
        const messages = await messagesOf(pieced(written, places), { ...WHOLE, isStreamed })
        expect(shownTogether(messages)).toBe(shownTogether([shown]))
      }),
      { numRuns: 10 },
    )
  })
})

it.each(answers.filter(({ isAsTree }) => isAsTree))(
  'the answer $name has the words, looks, code and lists of the tree',
  ({ written, shown }) => {
    expect(readWhatsApp(shown)).toEqual(readMarkdown(written))
  },
)

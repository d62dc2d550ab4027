import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitChoices } from '../../../../../src/conversations/replies/items/fit-choices.ts'
import { CHOICE_LIMITS } from '../../../../../src/protocol/choice-limits.ts'

const OFFERED = { buttons: 3, rows: 10 }
const options = (...titles: string[]) => titles.map((title) => ({ id: title, title, description: null }))
const fit = (of: ReturnType<typeof options>, text = 'Tea?') =>
  fitChoices({ text, options: of, button: 'Choose' }, OFFERED)?.choices

describe('choices of an agent', () => {
  it('are buttons while they fit', () => {
    expect(fit(options('Yes', 'No'))).toEqual({
      kind: 'buttons',
      buttons: [
        { id: 'Yes', title: 'Yes' },
        { id: 'No', title: 'No' },
      ],
    })
  })

  it('are a list where there are more, or where a title is too long, which is told in full below', () => {
    expect(fit(options('1', '2', '3', '4'))?.kind).toBe('list')
    const long = 'Something that is longer than any button'
    expect(fit(options(long))).toMatchObject({
      kind: 'list',
      button: 'Choose',
      sections: [{ title: null, rows: [{ id: long, title: 'Something that is longe…', description: long }] }],
    })
  })

  it('are neither where there are too many, or where nothing can be tapped', () => {
    expect(fit(options(...Array.from({ length: 11 }, (_each, index) => `${index}`)))).toBeUndefined()
    expect(fit(options('Yes'), 'x'.repeat(4_097))).toBeUndefined()
    expect(fitChoices({ text: 'Tea?', options: options('Yes'), button: 'x' }, null)).toBeNull()
  })

  it('keep the limits of WhatsApp, whatever they are', () => {
    const { buttons, list } = CHOICE_LIMITS
    const option = fc.record({
      id: fc.string({ minLength: 1, maxLength: 300 }),
      title: fc.string({ minLength: 1, maxLength: 120 }),
      description: fc.option(fc.string({ minLength: 1, maxLength: 120 })),
    })
    fc.assert(
      fc.property(
        fc.array(option, { minLength: 1, maxLength: 12 }),
        fc.string({ maxLength: 5_000 }),
        (given, text) => {
          const fitting = fitChoices({ text, options: given, button: 'x'.repeat(50) }, OFFERED)
          if (fitting === null) return
          const { choices } = fitting
          if (choices.kind === 'buttons') {
            expect(choices.buttons.length).toBeLessThanOrEqual(buttons.count)
            for (const { id, title } of choices.buttons) {
              expect(title.length).toBeLessThanOrEqual(buttons.title)
              expect(id.length).toBeLessThanOrEqual(buttons.id)
            }
            return
          }
          const rows = choices.sections.flatMap((section) => section.rows)
          expect(rows.length).toBeLessThanOrEqual(list.count)
          expect(choices.button.length).toBeLessThanOrEqual(list.button)
          for (const { id, title, description } of rows) {
            expect(title.length).toBeLessThanOrEqual(list.title)
            expect(id.length).toBeLessThanOrEqual(list.id)
            expect(description?.length ?? 0).toBeLessThanOrEqual(list.description)
          }
        },
      ),
    )
  })
})

import { expect, test } from 'vitest'
import { allowFromEdit } from '../../../src/config/edit/edit-allow-from.ts'
import { applied, resolve } from './edit-corpus.ts'
import { expectLinearGrowth } from '../../support/grows-linearly.ts'

const file = (list: readonly string[]): string =>
  [
    '{',
    '  channels: { whatsapp: {',
    '    allowFrom: [',
    ...list,
    '      // the end',
    '    ],',
    '  } },',
    '}',
    '',
  ].join('\n')

/**
 * Taking many numbers out used to lay the list out anew, which lost the comments of the lines that stayed and the blank
 * ones between them; adding many read the whole file once for each.
 */
test('a thousand numbers are taken out and put in at once, and every other line stays', () =>
  expectLinearGrowth((count) => {
    const numbers = Array.from({ length: count }, (_, index) => `+1555555${String(index).padStart(4, '0')}`)
    const lines = numbers.map((number, index) => `      '${number}', // person ${index}`)
    const text = file(lines)
    const gone = numbers.filter((_, index) => index % 3 !== 0)
    const less = applied(allowFromEdit({ kind: 'remove', account: 'default', numbers: gone }), text)
    expect(less).toBe(file(lines.filter((_, index) => index % 3 === 0)))
    const nobody = applied(allowFromEdit({ kind: 'set', account: 'default', numbers: [] }), less)
    expect(nobody).toBe(file([]))
    const full = applied(allowFromEdit({ kind: 'set', account: 'default', numbers }), nobody)
    expect(resolve(full).accounts['default']?.access.allowFrom).toEqual(numbers)
    expect(full.split('\n')).toHaveLength(text.split('\n').length)
  }, 1_000))

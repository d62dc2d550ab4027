import { expect, it } from 'vitest'
import { cutToWidth } from '../../../src/cli/cut-to-width.ts'

it.each([
  ['Alice', 5, 'Alice'],
  ['Alice Liddell', 6, 'Alice…'],
  // Two columns each.
  ['愛麗絲', 6, '愛麗絲'],
  ['愛麗絲', 5, '愛麗…'],
  ['愛麗絲', 4, '愛…'],
  ['👩‍👩‍👧 family', 4, '👩‍👩‍👧 …'],
  // An accent of its own takes none.
  ['Ame\u0301lie', 6, 'Ame\u0301lie'],
])('%s in %i columns', (line, columns, shown) => {
  expect(cutToWidth(line, columns)).toBe(shown)
})

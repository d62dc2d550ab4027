import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scrollTopFor, visibleRows } from '../../../../../src/web/conversations/state/visible-rows.ts'

test('however long the list is, the rows that are drawn are those that are seen and a few more', () => {
  const viewport = fc.record({
    scrollTop: fc.integer({ min: -50, max: 2_000_000 }),
    height: fc.integer({ min: 1, max: 2_000 }),
    rowHeight: fc.integer({ min: 20, max: 300 }),
  })
  fc.assert(
    fc.property(viewport, fc.integer({ min: 0, max: 10_000 }), (given, count) => {
      const [first, end] = visibleRows(given, count)
      expect(first).toBeGreaterThanOrEqual(0)
      expect(end).toBeLessThanOrEqual(count)
      expect(end - first).toBeLessThanOrEqual(Math.max(20, given.height / given.rowHeight + 14))
      for (const y of [given.scrollTop, given.scrollTop + given.height - 1]) {
        const row = Math.floor(y / given.rowHeight)
        if (row < 0 || row >= count) continue
        expect(row).toBeGreaterThanOrEqual(first)
        expect(row).toBeLessThan(end)
      }
    }),
  )
})

test('before the list is measured its first rows are drawn', () => {
  expect(visibleRows({ scrollTop: 0, height: 0, rowHeight: 0 }, 10_000)).toEqual([0, 20])
})

test.each([
  ['above', 3, 300],
  ['in sight', 12, 1_000],
  ['below', 20, 1_600],
])('a row that is %s is shown with as little movement as it takes', (_where, row, scrollTop) => {
  expect(scrollTopFor(row, { scrollTop: 1_000, height: 500, rowHeight: 100 })).toBe(scrollTop)
})

import { expect, it } from 'vitest'
import { boundedPage } from '../../../../src/control/mcp/bounded-page.ts'

const page = (length: number) => async (limit: number) => ({
  entries: Array.from({ length: limit }, () => 'x'.repeat(length)),
  cursor: String(limit),
})

it('reads fewer entries where they are long, with the cursor behind the last one', async () => {
  const { entries, cursor } = await boundedPage(page(8_000), 50)
  expect([entries.length, cursor]).toEqual([6, '6'])
  expect(JSON.stringify(entries).length).toBeLessThan(60_000)
  expect((await boundedPage(page(10), 50)).entries).toHaveLength(50)
})

it('gives one entry, however long it is', async () => {
  expect((await boundedPage(page(100_000), 50)).entries).toHaveLength(1)
})

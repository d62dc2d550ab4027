import { expect, test } from 'vitest'
import { LatePart } from '../../../../src/web/card/late-part.ts'

test('what is done with a late part waits for its script, which is loaded once', async () => {
  let loads = 0
  const late = new LatePart(async () => {
    loads += 1
    return { answer: () => 42 }
  })
  expect(late.loaded).toBeNull()
  const [one, other] = await Promise.all([late.part(), late.part()])
  expect(one.answer()).toBe(42)
  expect(other).toBe(one)
  expect(loads).toBe(1)
  expect(late.loaded).not.toBeNull()
})

test('what is done with a late part fails where its script cannot be loaded', async () => {
  const late = new LatePart(() => Promise.reject(new Error('the network is away')))
  await expect(late.part()).rejects.toThrow('could not be loaded')
})

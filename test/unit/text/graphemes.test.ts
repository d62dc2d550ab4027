import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const { Segmenter } = Intl
let made = 0
class Counted extends Segmenter {
  constructor(...options: ConstructorParameters<typeof Segmenter>) {
    super(...options)
    made += 1
  }
}
beforeEach(() => {
  made = 0
  Object.assign(Intl, { Segmenter: Counted })
  vi.resetModules()
})
afterEach(() => {
  Object.assign(Intl, { Segmenter })
  vi.resetModules()
})

it('splits no family and no accent, and makes what knows them once, not before it is needed', async () => {
  const { clusterBoundary, isSingleCluster } = await import('../../../src/text/graphemes.ts')
  expect([clusterBoundary('ab', 2), clusterBoundary('ab', 0), made]).toEqual([2, 0, 0])

  const family = '👩‍👩‍👧'
  expect(clusterBoundary(`ab${family}`, 4)).toBe(2)
  expect(clusterBoundary('xe\u0301', 2)).toBe(1)
  expect([isSingleCluster(family), isSingleCluster('ab')]).toEqual([true, false])
  expect(made).toBe(1)
})

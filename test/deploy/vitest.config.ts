import { defineConfig } from 'vitest/config'

/** What takes minutes and much disk: `make test-deploy`. */
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.test.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
})

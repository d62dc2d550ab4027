import { defineConfig } from 'vitest/config'

/** The built site of the documents in a browser: `make docs-site`. */
export default defineConfig({
  test: {
    include: ['test/site/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
})

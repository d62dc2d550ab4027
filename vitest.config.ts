import { defineConfig } from 'vitest/config'

/** The browser tests need Debian's Chromium; `make test` installs or names it before they run. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // A second, the default, is short on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    include: ['test/{unit,contract,integration,browser,faults}/**/*.test.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
})

import { defineConfig } from 'vitest/config'

/** The browser tests need Debian's Chromium; `make test` installs or names it before they run. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', '**/node_modules/**'],
    projects: ['unit', 'contract', 'integration', 'browser'].map((name) => ({
      extends: true as const,
      test: { name, include: [`test/${name}/**/*.test.ts`] },
    })),
  },
})

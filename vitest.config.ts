import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Where the tests put their files: in memory where there is room, since thousands of databases wait for a disk otherwise. */
function temporaryDirectory(): string {
  const inMemory = '/dev/shm'
  try {
    const { bavail, bsize } = statfsSync(inMemory)
    return bavail * bsize > 2 ** 30 ? inMemory : tmpdir()
  } catch {
    return tmpdir()
  }
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second, the default, is short on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    env: { TMPDIR: temporaryDirectory() },
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          maxWorkers: 2,
          // Loading the modules anew for each file would be half of the time. What a test changes in the process (spies,
          // environment, clock) it puts back.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/{contract,integration,browser,faults}/**/*.test.ts'],
          // More than two cores could run at once: many of these tests wait for a time limit to pass.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

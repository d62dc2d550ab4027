import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/**
 * What measures the whole process, or changes what it may do, and what needs Baileys as others have it, which the daemon corrects for the
 * whole process (`src/transports/linked-device/socket/server-trust.ts`): each file has a process of its own.
 */
const ALONE = [
  'test/faults/**/*.test.ts',
  'test/integration/{*bad-disk*,connection-flood,link-leaves-nothing,owner-lease,planted-files}.test.ts',
  'test/integration/{simulator-*,devices-without-keys,hosted-devices,link-all-keys}.test.ts',
]

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
    // What is awaited comes early or not at all: on a busy machine everything takes many times as long, and no test may fail for that.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // `.ci/run` gives a test a second try, so that one unlucky moment of a shared machine does not hold up a change; the closing lines name it.
    retry: Number(process.env.WHATSAPPD_TEST_RETRIES ?? 0),
    env: { TMPDIR: temporaryDirectory() },
    sequence: { sequencer: LongestFirst },
    setupFiles: './test/support/fixed-seed.ts',
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
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          maxWorkers: 4,
          // As above.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/{integration,browser}/**/*.test.ts'],
          exclude: ALONE,
          // More than two cores could run at once: many of these tests wait for a time limit to pass. What they load they do not share: it
          // saves no time in all, and one daemon's corrections of its libraries would reach the next file.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

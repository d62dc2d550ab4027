import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Recorded } from './regressions.ts'

const PATH = fileURLToPath(new URL('../recorded.json', import.meta.url))

interface RecordFile {
  /** What it was measured with, for people; nothing depends on it. */
  measuredWith: string
  /** By figure. */
  figures: Record<string, Recorded>
}

/** What `--record` kept; nothing where it never ran. */
export function readRecorded(): RecordFile {
  // Written below.
  return existsSync(PATH)
    ? (JSON.parse(readFileSync(PATH, 'utf8')) as RecordFile)
    : { measuredWith: '', figures: {} }
}

/** Replaces these figures and keeps the others. */
export function writeRecorded(measuredWith: string, figures: RecordFile['figures']): void {
  const all = { ...readRecorded().figures, ...figures }
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  writeFileSync(PATH, `${JSON.stringify({ measuredWith, figures: sorted }, null, 2)}\n`)
}

import { type Checkpoint, totalRows } from './endurance-table.ts'

/** Resident memory at the end, against that after the warm-up. */
const MEMORY_FACTOR = 1.1
/** A connection or two may be under way when the files are counted. */
const SPARE_FILES = 2
/**
 * Counted when nothing is under way, timers, listeners and emitters are the same ones every time: those of the daemon's
 * parts and of one connection. What one reconnect in a hundred left behind would be ten of each.
 */
const SPARE_RESOURCES = 5
/**
 * What is kept of four conversations, over all tables: 10,000 messages of each, in the index of the search too, as many turns as messages of
 * people, 10,000 events, the journals; and what is due before retention looks again.
 */
const MOST_ROWS = 150_000

export interface Verdict {
  kept: boolean
  /** One a bound. */
  lines: string[]
}

/** Holds the end of a long run against its warm-up. */
export function enduranceVerdict(checkpoints: readonly Checkpoint[]): Verdict {
  const [idle, warm] = checkpoints
  const last = checkpoints.at(-1)
  if (idle === undefined || warm === undefined || last === undefined) throw new Error('nothing was measured')
  const lines: string[] = []
  let kept = true
  const bound = (what: string, value: number, limit: number, note = ''): void => {
    const isKept = value <= limit
    kept &&= isKept
    lines.push(`${isKept ? 'kept  ' : 'BROKEN'} ${what}: ${round(value)}, at most ${round(limit)}${note}`)
  }
  const ratio = (to: Checkpoint): string => (last.footprint.residentMib / to.footprint.residentMib).toFixed(2)
  bound(
    'resident memory, MiB',
    last.footprint.residentMib,
    warm.footprint.residentMib * MEMORY_FACTOR,
    ` (${ratio(warm)}× after the warm-up, ${ratio(idle)}× idle)`,
  )
  bound('open files', last.footprint.openFiles, warm.footprint.openFiles + SPARE_FILES)
  bound('threads', last.footprint.threads, warm.footprint.threads)
  bound('rows', totalRows(last.footprint), MOST_ROWS)
  if (warm.resources !== null && last.resources !== null) {
    for (const name of ['timers', 'listeners', 'emitters'] as const) {
      bound(name, last.resources[name], warm.resources[name] + SPARE_RESOURCES)
    }
    bound(
      'heap after garbage collection, MiB',
      last.resources.heapUsedMib,
      warm.resources.heapUsedMib * MEMORY_FACTOR,
    )
  }
  const total = (name: 'unanswered' | 'repeated' | 'undecryptable'): number =>
    checkpoints.reduce((sum, { load }) => sum + (load?.[name] ?? 0), 0)
  bound('messages without an answer', total('unanswered'), 0)
  bound('answers that came twice', total('repeated'), 0)
  bound('messages, turns and replies still under way', last.unfinished, 0)
  lines.push(`       answers that could not be read at first: ${total('undecryptable')}`)
  lines.push(`       rows: ${JSON.stringify(last.footprint.rows)}`)
  return { kept, lines }
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}

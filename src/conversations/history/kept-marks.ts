import { FIRST_SESSION } from '../store/conversation-store.ts'

const DAY_MS = 86_400_000
/** Of each of them; a conversation that is kept for nothing else goes with the last. */
const MOST = 10_000
/** A notice is remembered so that it is not repeated in quick succession. */
const MAX_NOTICE_AGE_MS = 30 * DAY_MS
/** Longer than any choice sticks. */
const MAX_CHOICE_AGE_MS = 366 * DAY_MS
/** A phone that could not read one may ask for it again, and the pace counts those of the last hour. */
const MAX_REACTION_AGE_MS = DAY_MS

const SILENT_SINCE = 'max(COALESCE(paused_at, 0), COALESCE(off_since, 0))'

/** What is noted beside messages, and when that is too old. */
interface KeptMarks {
  /** Changes the rows that are too old or too many: `?1`: milliseconds since 1970, `?2`: how many are kept, `?3`: rows at a time. */
  sql: string
  maxAgeMs: number
}

/** The keys of the rows that are to go. */
const expired = (table: string, keys: string, writtenAt: string, kind = 'TRUE'): string => `
  SELECT ${keys} FROM (
    SELECT ${keys}, ${writtenAt} AS at, row_number() OVER (ORDER BY ${writtenAt} DESC) AS place FROM ${table} WHERE ${kind})
  WHERE at < ?1 OR place > ?2 LIMIT ?3`

const choices = (table: string): KeptMarks => ({
  sql: `
    DELETE FROM ${table} WHERE (conversation, person) IN (${expired(table, 'conversation, person', 'last_at')})
    RETURNING conversation`,
  maxAgeMs: MAX_CHOICE_AGE_MS,
})

const KEPT_MARKS: readonly KeptMarks[] = [
  {
    sql: `
      DELETE FROM notices WHERE (conversation, notice) IN (${expired('notices', 'conversation, notice', 'sent_at')})
      RETURNING conversation`,
    maxAgeMs: MAX_NOTICE_AGE_MS,
  },
  choices('chosen_agents'),
  choices('chosen_models'),
  // Of any age.
  {
    sql: `
      UPDATE conversations SET paused_at = NULL, paused_until = NULL, off_since = NULL, held_from = NULL, held_until = NULL
      WHERE id IN (${expired('conversations', 'id', SILENT_SINCE, 'paused_at IS NOT NULL OR off_since IS NOT NULL')})
      RETURNING id AS conversation`,
    maxAgeMs: Number.POSITIVE_INFINITY,
  },
  {
    sql: `
      UPDATE conversations SET session = ${FIRST_SESSION}, context_after = 0
      WHERE id IN (${expired('conversations', 'id', 'context_after', `session > ${FIRST_SESSION}`)})
      RETURNING id AS conversation`,
    maxAgeMs: Number.POSITIVE_INFINITY,
  },
  {
    sql: `
      DELETE FROM reactions WHERE inbox IN (${expired('reactions', 'inbox', 'reacted_at', `state = 'done'`)})
      RETURNING 0 AS conversation`,
    maxAgeMs: MAX_REACTION_AGE_MS,
  },
]

/** Each statement that keeps something bounded, and its parameters; to be repeated until it changes nothing. Each answers `conversation`s. */
export function keptMarks(now: number, rows: number): { sql: string; values: [number, number, number] }[] {
  return KEPT_MARKS.map(({ sql, maxAgeMs }) => ({
    sql,
    values: [Math.max(now - maxAgeMs, Number.MIN_SAFE_INTEGER), MOST, rows],
  }))
}

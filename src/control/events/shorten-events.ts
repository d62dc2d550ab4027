import type { Database } from '../../storage/database/database.ts'
import { boundedPayload } from './bounded-payload.ts'
import type { StoredEvent } from './stored-event.ts'

/** No event that this version writes is longer. */
const MAX_PAYLOAD_BYTES = 64 * 1_024
/** A longer one is not even read. */
const MAX_READ_BYTES = 1_024 * 1_024
/** As many of them are kept; they cost time, once. */
const MAX_SHORTENED = 100

/** The columns to read; the payload is `NULL` where it is too long. */
export const COLUMNS = `id, name, at, iif(octet_length(payload) > ${MAX_PAYLOAD_BYTES}, NULL, payload) AS payload`

/** A row of `COLUMNS`. */
export type ReadEvent = Omit<StoredEvent, 'payload'> & { payload: string | null }

/**
 * The events with what an earlier version stored at any length made short, in the log too, so that it costs time once. The
 * first 100 of those; the others, and what is longer than 1 MiB, are deleted. Throws `StorageError`.
 */
export function shortenEvents(database: Database, rows: readonly ReadEvent[]): StoredEvent[] {
  if (rows.every(({ payload }) => payload !== null)) return rows as StoredEvent[]
  let room = MAX_SHORTENED
  return database.transaction(() =>
    rows.flatMap(({ payload, ...event }) => {
      if (payload !== null) return [{ ...event, payload }]
      room -= 1
      const short = room < 0 ? null : shortened(database, event)
      if (short === null) database.prepare('DELETE FROM events WHERE id = ?').run(event.id)
      else database.prepare('UPDATE events SET payload = ? WHERE id = ?').run(short, event.id)
      return short === null ? [] : [{ ...event, payload: short }]
    }),
  )
}

function shortened(database: Database, { id, name }: Omit<StoredEvent, 'payload'>): string | null {
  // The column asked for.
  const row = database
    .prepare('SELECT payload FROM events WHERE id = ? AND octet_length(payload) <= ?')
    .get(id, MAX_READ_BYTES) as { payload: string } | undefined
  try {
    const payload: unknown = JSON.parse(row?.payload ?? 'null')
    return typeof payload === 'object' && payload !== null
      ? JSON.stringify(boundedPayload(name, payload))
      : null
  } catch {
    return null
  }
}

import type { Database } from '../../storage/database/database.ts'

/** A line of a conversation: its place, and its row. */
interface LinePlace {
  place: number
  is_reply: number
  sequence: number
}

/**
 * Which lines of a conversation an agent knows already: those before the last turn that it answered there with what it remembers
 * now (`memoryKey`), the ones of that turn, and what it said itself. An agent that remembers its conversations need not read them again.
 */
export function seenMessages(
  database: Database,
  conversation: number,
  memory: string,
): (line: LinePlace) => boolean {
  const turn = database
    .prepare(
      `SELECT id FROM turns WHERE conversation = ? AND agent = ? AND state IN ('answered', 'silent')
       ORDER BY sequence DESC LIMIT 1`,
    )
    .get(conversation, memory)
  if (turn === undefined) return () => false
  // The column asked for.
  const { id } = turn as { id: string }
  const asked = sequences(database, `SELECT sequence FROM inbox WHERE turn = ? ORDER BY sequence`, id)
  const said = sequences(database, `SELECT sequence FROM outbox WHERE turn = ?`, id)
  const [first = 0] = asked
  return ({ place, is_reply, sequence }) =>
    place < first || (is_reply === 1 ? said.has(sequence) : asked.has(sequence))
}

function sequences(database: Database, sql: string, turn: string): ReadonlySet<number> {
  // The column asked for.
  const rows = database.prepare(sql).all(turn) as { sequence: number }[]
  return new Set(rows.map(({ sequence }) => sequence))
}

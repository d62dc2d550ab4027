import type { ReadQuery } from '../../storage/database/with-read-only.ts'
import type { TraceStep } from './trace-step.ts'

type Row = Record<string, unknown>

/**
 * Where a message is in the tables of the conversations, by its id: one of a person, or one of ours (`message_id` or `remote_id` of the
 * outbox), of which what it answers is told too. Empty where none of them knows it.
 */
export function traceMessage(query: ReadQuery, id: string): TraceStep[] {
  const inbox = query(
    `SELECT sequence, conversation, author, kind, state, turn, received_at FROM inbox
     WHERE message_id = ?1 OR sequence IN (SELECT after_inbox FROM outbox WHERE message_id = ?1 OR remote_id = ?1)
     ORDER BY sequence`,
    id,
  )
  const steps = [
    ...query('SELECT kind, expires_at FROM held WHERE message_id = ?', id).map(heldStep),
    ...inbox.flatMap((row) => ofInbox(query, row)),
  ]
  const known = new Set(steps.flatMap(({ facts }) => facts['id'] ?? []))
  const sent = query(`${OUTBOX} WHERE message_id = ?1 OR remote_id = ?1 ORDER BY sequence`, id)
  return [...steps, ...sent.filter((row) => !known.has(words(row['message_id']))).map(outboxStep)]
}

/** Ids of messages of either side that begin so, the newest first. */
export function idsBeginningWith(query: ReadQuery, prefix: string): string[] {
  const rows = query(
    `SELECT id FROM (
       SELECT message_id AS id, received_at AS at FROM inbox
       UNION ALL SELECT remote_id, queued_at FROM outbox)
     WHERE substr(id, 1, length(?1)) = ?1 ORDER BY at DESC`,
    prefix,
  )
  return rows.map((row) => words(row['id']))
}

const OUTBOX = `SELECT sequence, message_id, conversation, kind, author, turn, after_inbox, state, attempts, error_code,
  queued_at, settled_at FROM outbox`

function ofInbox(query: ReadQuery, row: Row): TraceStep[] {
  const { sequence, turn } = row
  const place = numberOf(sequence)
  return [
    {
      at: numberOf(row['received_at']),
      stage: 'stored',
      state: words(row['state']),
      facts: facts({ conversation: row['conversation'], sequence, by: row['author'], kind: row['kind'] }),
    },
    ...query(
      'SELECT state, type, size, problem_code, created_at, settled_at FROM media WHERE inbox = ? ORDER BY position',
      place,
    ).map(fileStep),
    ...(typeof turn === 'string'
      ? query(
          'SELECT id, state, agent, paragraphs_out, opened_at, finished_at FROM turns WHERE id = ?',
          turn,
        ).map(turnStep)
      : []),
    ...query(
      'SELECT purpose, state, attempts, reacted_at, sent_at FROM reactions WHERE inbox = ?',
      place,
    ).map(reactionStep),
    ...query(`${OUTBOX} WHERE after_inbox = ?1 AND kind <> 'change' ORDER BY sequence`, place).map(
      outboxStep,
    ),
  ]
}

function heldStep(row: Row): TraceStep {
  const until = numberOf(row['expires_at'])
  return {
    at: null,
    stage: 'held',
    state: 'held',
    facts: facts({ kind: row['kind'], until: until === null ? null : new Date(until).toISOString() }),
  }
}

function fileStep(row: Row): TraceStep {
  return {
    at: numberOf(row['settled_at']) ?? numberOf(row['created_at']),
    stage: 'file',
    state: words(row['state']),
    facts: facts({ type: row['type'], bytes: row['size'], error: row['problem_code'] }),
  }
}

function turnStep(row: Row): TraceStep {
  const [from, to] = [numberOf(row['opened_at']), numberOf(row['finished_at'])]
  return {
    at: from,
    stage: 'turn',
    state: words(row['state']),
    facts: facts({
      id: row['id'],
      agent: row['agent'],
      paragraphs: row['paragraphs_out'],
      ms: from === null || to === null ? null : to - from,
    }),
  }
}

function reactionStep(row: Row): TraceStep {
  return {
    at: numberOf(row['sent_at']) ?? numberOf(row['reacted_at']),
    stage: 'reaction',
    state: words(row['state']),
    facts: facts({ for: row['purpose'], attempts: row['attempts'] }),
  }
}

function outboxStep(row: Row): TraceStep {
  const [from, to] = [numberOf(row['queued_at']), numberOf(row['settled_at'])]
  return {
    at: from,
    stage: row['turn'] === null && row['author'] !== 'assistant' ? 'sent' : 'reply',
    state: words(row['state']),
    facts: facts({
      id: row['message_id'],
      conversation: row['conversation'],
      kind: row['kind'],
      attempts: row['attempts'],
      error: row['error_code'],
      ms: from === null || to === null ? null : to - from,
    }),
  }
}

function facts(all: Record<string, unknown>): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(all))
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) kept[name] = value
  return kept
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

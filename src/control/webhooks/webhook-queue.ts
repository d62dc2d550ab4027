import { randomBytes } from 'node:crypto'
import type { Database } from '../../storage/database/database.ts'
import type { EventFollower } from '../events/event-store.ts'
import type { StoredEvent } from '../events/stored-event.ts'
import { type Endpoint, wants } from './endpoint.ts'
import { placeOf } from './place-of-event.ts'
import { WebhookLanes } from './webhook-lanes.ts'

/** Of one endpoint, each. */
const MAX_QUEUED = 10_000
const MAX_DEAD = 1_000
/** Between two counts of what waits. */
const COUNT_EVERY = 100
const SHOWN_DEAD = 10
/** What was never tried is due at once, also where the clock has been set back since it was queued. */
const DUE_AT = 'iif(problem IS NULL AND due_at IS NOT NULL, 0, due_at)'
/** `?2`: sequences of deliveries that are under way. The lanes are those of now: a delivery keeps its sequence where two become one. */
const IN_FREE_LANE =
  'lane NOT IN (SELECT lane FROM webhook_deliveries WHERE sequence IN (SELECT value FROM json_each(?2)))'

/** One event on its way to one endpoint. */
export interface Delivery {
  sequence: number
  /** `webhook-id`: the same at every try. */
  messageId: string
  attempts: number
  /** Milliseconds since 1970. */
  queuedAt: number
  /** `null` where its row is gone. */
  event: StoredEvent | null
}

/** How an endpoint is, from what is on disk. Times in milliseconds since 1970. */
export interface EndpointRecord {
  deliveredAt: number | null
  failingSince: number | null
  /** What was wrong at the last try; `null` where nothing was. */
  problem: string | null
  /** The revision of the config at which the receiver said that it is gone for good. */
  goneRevision: string | null
  /** Events that were never delivered, because too many waited. */
  dropped: number
  queued: number
  dead: number
}

export interface DeadLetter {
  sequence: number
  name: string
  at: string
  attempts: number
  problem: string | null
}

export interface WebhookQueueDeps {
  /** Uses `daemon.db`. Throws what the disk says. */
  use: <Result>(work: (database: Database) => Result) => Result
  /** The endpoints of the config in force. */
  endpoints: () => readonly Endpoint[]
  /** Events of an endpoint will not be delivered by themselves any more, because too many wait. Called inside of a transaction. */
  dropped: () => void
  now: () => number
}

const NOTHING_KNOWN = {
  deliveredAt: null,
  failingSince: null,
  problem: null,
  goneRevision: null,
  dropped: 0,
} as const

/**
 * The events that webhooks still have to be sent, in `daemon.db`: an event and its deliveries are stored in one transaction. Only the first
 * delivery of a lane is ever due. Methods throw what the disk says.
 */
export class WebhookQueue implements EventFollower {
  readonly #deps: WebhookQueueDeps
  readonly #lanes: WebhookLanes
  #sinceCount = COUNT_EVERY

  constructor(deps: WebhookQueueDeps) {
    this.#deps = deps
    this.#lanes = new WebhookLanes(deps.now)
  }

  /** Inside of the transaction that stores these events. */
  appended(database: Database, events: readonly StoredEvent[]): void {
    const endpoints = this.#deps.endpoints()
    const now = this.#deps.now()
    const insert = database.prepare(
      `INSERT OR IGNORE INTO webhook_deliveries (endpoint, event, message_id, lane, queued_at, due_at)
       VALUES (?1, ?2, ?3, ?4, ?5, iif(EXISTS (
         SELECT 1 FROM webhook_deliveries WHERE endpoint = ?1 AND lane = ?4 AND state = 'queued'), NULL, ?5))`,
    )
    for (const { id, name, payload } of events) {
      // Those of an endpoint that left the config may wait for its return.
      if (endpoints.length === 0 && name !== 'conversation.updated') continue
      const { account, lane, formerLane } = placeOf(payload)
      if (formerLane !== null) this.#lanes.join(database, formerLane, lane)
      const messageId = `evt_${randomBytes(16).toString('hex')}`
      for (const endpoint of endpoints)
        if (wants(endpoint, name, account)) insert.run(endpoint.id, id, messageId, lane, now)
    }
    this.#sinceCount += events.length
    if (this.#sinceCount < COUNT_EVERY) return
    this.#sinceCount = 0
    for (const { id } of endpoints) this.#bound(database, id)
  }

  /** Inside of the transaction that erased events: nothing of them is sent, and no number is kept in their lanes. */
  erased(database: Database): void {
    database.prepare('DELETE FROM webhook_deliveries WHERE event NOT IN (SELECT id FROM events)').run()
    this.#lanes.promoteEverywhere(database)
  }

  /** The first one that is due and in no lane of these deliveries (their sequences). */
  nextDue(endpoint: string, underWay: readonly number[]): Delivery | null {
    const row = this.#deps.use((database) =>
      database
        .prepare(
          `SELECT sequence, message_id AS messageId, attempts, queued_at AS queuedAt, id, name, at, payload
           FROM webhook_deliveries LEFT JOIN events ON id = event
           WHERE endpoint = ?1 AND ${DUE_AT} <= ?3 AND ${IN_FREE_LANE} ORDER BY due_at, sequence LIMIT 1`,
        )
        .get(endpoint, JSON.stringify(underWay), this.#deps.now()),
    )
    if (row === undefined) return null
    // The columns asked for; of an event that is gone they are `NULL`.
    const { id, name, at, payload, ...delivery } = row as DeliveryRow
    return { ...delivery, event: id === null ? null : { id, name, at, payload } }
  }

  /** When something is due next, in milliseconds since 1970; `null` where nothing waits. */
  nextDueAt(endpoint: string, underWay: readonly number[]): number | null {
    const row = this.#deps.use((database) =>
      database
        .prepare(
          `SELECT ${DUE_AT} AS dueAt FROM webhook_deliveries
           WHERE endpoint = ?1 AND due_at IS NOT NULL AND ${IN_FREE_LANE}
           ORDER BY due_at, sequence LIMIT 1`,
        )
        .get(endpoint, JSON.stringify(underWay)),
    )
    // The column asked for.
    return (row as { dueAt: number } | undefined)?.dueAt ?? null
  }

  /** It arrived. `isGone`: the receiver has said meanwhile that it wants no more. */
  delivered(endpoint: string, { sequence }: Pick<Delivery, 'sequence'>, isGone: boolean): void {
    this.#write((database) => {
      this.#delete(database, endpoint, sequence)
      database
        .prepare(
          `INSERT INTO webhook_endpoints (endpoint, delivered_at) VALUES (?, ?) ON CONFLICT (endpoint) DO UPDATE
             SET delivered_at = excluded.delivered_at`,
        )
        .run(endpoint, this.#deps.now())
      if (isGone) return
      database
        .prepare(
          `UPDATE webhook_endpoints SET failing_since = NULL, problem = NULL, gone_revision = NULL WHERE endpoint = ?`,
        )
        .run(endpoint)
    })
  }

  /**
   * It was not taken: due again at `dueAt`, in milliseconds since 1970, or behind what stands before it in its lane by now; `counts`: as a try of its own.
   */
  failed(
    endpoint: string,
    { sequence }: Pick<Delivery, 'sequence'>,
    { problem, dueAt, counts }: { problem: string; dueAt: number; counts: boolean },
  ): void {
    this.#write((database) => {
      this.#lanes.putOff(database, sequence, { problem, dueAt, tries: counts ? 1 : 0 })
      this.#noteFailure(database, endpoint, problem)
    })
  }

  /** As `failed`, where that has nothing to do with the receiver. */
  wait(
    { sequence }: Pick<Delivery, 'sequence'>,
    { problem, dueAt }: { problem: string; dueAt: number },
  ): void {
    this.#write((database) => this.#lanes.putOff(database, sequence, { problem, dueAt, tries: 0 }))
  }

  /** It is not tried again by itself; the next one of its lane is. */
  giveUp(endpoint: string, { sequence }: Pick<Delivery, 'sequence'>, problem: string): void {
    this.#write((database) => {
      const row = database
        .prepare(
          `UPDATE webhook_deliveries SET state = 'dead', attempts = attempts + 1, due_at = NULL, died_at = ?, problem = ?
           WHERE sequence = ? RETURNING lane`,
        )
        .get(this.#deps.now(), problem, sequence)
      this.#promoteBehind(database, endpoint, row)
      this.#noteFailure(database, endpoint, problem)
      this.#boundDead(database, endpoint)
    })
  }

  /** Its event is not there any more: nothing can be sent. */
  discard(endpoint: string, { sequence }: Pick<Delivery, 'sequence'>): void {
    this.#write((database) => this.#delete(database, endpoint, sequence))
  }

  /** The receiver said that it is gone for good; nothing is sent to it while the config has this revision. */
  gone(endpoint: string, revision: string): void {
    this.#write((database) =>
      database
        .prepare('UPDATE webhook_endpoints SET gone_revision = ? WHERE endpoint = ?')
        .run(revision, endpoint),
    )
  }

  /** The receiver may be back: events are sent to it again. */
  wanted(endpoint: string): void {
    this.#write((database) =>
      database
        .prepare(
          'UPDATE webhook_endpoints SET gone_revision = NULL WHERE endpoint = ? AND gone_revision NOT NULL',
        )
        .run(endpoint),
    )
  }

  /** Whatever waits is due now; dead letters, all or this one, wait again in their old places. Answers how many. */
  retry(endpoint: string, deadLetter: number | null): number {
    return this.#write((database) => {
      const { changes } = database
        .prepare(
          `UPDATE webhook_deliveries SET state = 'queued', attempts = 0, queued_at = ?2, died_at = NULL
           WHERE endpoint = ?1 AND state = 'dead' AND (?3 IS NULL OR sequence = ?3)`,
        )
        .run(endpoint, this.#deps.now(), deadLetter)
      database.prepare('UPDATE webhook_deliveries SET due_at = NULL WHERE endpoint = ?').run(endpoint)
      this.#lanes.promoteAll(database, endpoint)
      return changes
    })
  }

  record(endpoint: string): EndpointRecord {
    return this.#deps.use((database) => {
      const known = database
        .prepare(
          `SELECT delivered_at AS deliveredAt, failing_since AS failingSince, problem,
             gone_revision AS goneRevision, dropped FROM webhook_endpoints WHERE endpoint = ?`,
        )
        // The columns asked for.
        .get(endpoint) as Omit<EndpointRecord, 'queued' | 'dead'> | undefined
      return { ...(known ?? NOTHING_KNOWN), ...this.#counts(database, endpoint) }
    })
  }

  /** The newest dead letters, newest first. */
  deadLetters(endpoint: string): DeadLetter[] {
    const rows = this.#deps.use((database) =>
      database
        .prepare(
          `SELECT sequence, name, at, attempts, problem FROM webhook_deliveries JOIN events ON id = event
           WHERE endpoint = ? AND state = 'dead' ORDER BY sequence DESC LIMIT ?`,
        )
        .all(endpoint, SHOWN_DEAD),
    )
    // The columns asked for.
    return rows as DeadLetter[]
  }

  /**
   * Gives up what has waited since before `queuedBefore`, and deletes dead letters from before `diedBefore` and whatever else is old of
   * endpoints that the config does not name. In milliseconds since 1970.
   */
  sweep(queuedBefore: number, diedBefore: number): void {
    this.#write((database) => {
      const known = JSON.stringify(this.#deps.endpoints().map(({ id }) => id))
      database
        .prepare(
          `DELETE FROM webhook_deliveries WHERE died_at < ?1
             OR (queued_at < ?2 AND endpoint NOT IN (SELECT value FROM json_each(?3)))`,
        )
        .run(diedBefore, queuedBefore, known)
      const { changes } = database
        .prepare(
          `UPDATE webhook_deliveries SET state = 'dead', due_at = NULL, died_at = ?,
             problem = coalesce(problem, 'it waited too long behind others')
           WHERE state = 'queued' AND queued_at < ?`,
        )
        .run(this.#deps.now(), queuedBefore)
      // Also where nothing of a lane was old but what its endpoint had when it left the config.
      this.#lanes.promoteEverywhere(database)
      if (changes > 0) for (const { id } of this.#deps.endpoints()) this.#boundDead(database, id)
      database
        .prepare(
          `DELETE FROM webhook_endpoints WHERE endpoint NOT IN (SELECT value FROM json_each(?))
             AND endpoint NOT IN (SELECT endpoint FROM webhook_deliveries)`,
        )
        .run(known)
    })
  }

  #write<Result>(work: (database: Database) => Result): Result {
    return this.#deps.use((database) => database.transaction(() => work(database)))
  }

  #delete(database: Database, endpoint: string, sequence: number): void {
    const row = database
      .prepare('DELETE FROM webhook_deliveries WHERE sequence = ? RETURNING lane')
      .get(sequence)
    this.#promoteBehind(database, endpoint, row)
  }

  /** `row`: of a delivery that waits no more; `undefined` where it did not wait. */
  #promoteBehind(database: Database, endpoint: string, row: unknown): void {
    // The column asked for: its lane may be another one than when it was begun.
    if (row !== undefined) this.#lanes.promote(database, endpoint, (row as { lane: string }).lane)
  }

  #noteFailure(database: Database, endpoint: string, problem: string): void {
    database
      .prepare(
        `INSERT INTO webhook_endpoints (endpoint, failing_since, problem) VALUES (?, ?, ?)
         ON CONFLICT (endpoint) DO UPDATE SET
           failing_since = coalesce(failing_since, excluded.failing_since), problem = excluded.problem`,
      )
      .run(endpoint, this.#deps.now(), problem)
  }

  /** Of too many that wait the oldest are given up. */
  #bound(database: Database, endpoint: string): void {
    const { queued } = this.#counts(database, endpoint)
    const excess = queued - MAX_QUEUED
    if (excess <= 0) return
    database
      .prepare(
        `UPDATE webhook_deliveries SET state = 'dead', due_at = NULL, died_at = ?2, problem = 'too many events waited'
         WHERE sequence IN (SELECT sequence FROM webhook_deliveries
           WHERE endpoint = ?1 AND state = 'queued' ORDER BY sequence LIMIT ?3)`,
      )
      .run(endpoint, this.#deps.now(), excess)
    database
      .prepare(
        `INSERT INTO webhook_endpoints (endpoint, dropped) VALUES (?, ?)
         ON CONFLICT (endpoint) DO UPDATE SET dropped = dropped + excluded.dropped`,
      )
      .run(endpoint, excess)
    this.#lanes.promoteAll(database, endpoint)
    this.#boundDead(database, endpoint)
    this.#deps.dropped()
  }

  #boundDead(database: Database, endpoint: string): void {
    database
      .prepare(
        `DELETE FROM webhook_deliveries WHERE sequence IN (SELECT sequence FROM webhook_deliveries
           WHERE endpoint = ? AND state = 'dead' ORDER BY sequence DESC LIMIT -1 OFFSET ?)`,
      )
      .run(endpoint, MAX_DEAD)
  }

  #counts(database: Database, endpoint: string): { queued: number; dead: number } {
    const count = (state: 'queued' | 'dead'): number => {
      const row = database
        .prepare(`SELECT count(*) AS count FROM webhook_deliveries WHERE endpoint = ? AND state = '${state}'`)
        .get(endpoint)
      // The column asked for.
      return (row as { count: number }).count
    }
    return { queued: count('queued'), dead: count('dead') }
  }
}

type DeliveryRow = Omit<Delivery, 'event'> & Omit<StoredEvent, 'id'> & { id: number | null }

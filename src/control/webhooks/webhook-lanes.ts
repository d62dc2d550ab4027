import type { Database } from '../../storage/database/database.ts'

/**
 * The order of deliveries: of each lane of an endpoint only the first one that waits is due. Every method runs inside of the caller's
 * transaction on `daemon.db`.
 */
export class WebhookLanes {
  readonly #now: () => number

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Two conversations are one by now: what waits for either goes out in the order in which it happened. */
  join(database: Database, former: string, lane: string): void {
    const { changes } = database
      .prepare('UPDATE webhook_deliveries SET lane = ? WHERE lane = ?')
      .run(lane, former)
    if (changes === 0) return
    database
      .prepare(
        `UPDATE webhook_deliveries SET due_at = NULL WHERE lane = ?1 AND due_at IS NOT NULL AND EXISTS (
           SELECT 1 FROM webhook_deliveries AS before WHERE before.endpoint = webhook_deliveries.endpoint
             AND before.lane = ?1 AND before.state = 'queued' AND before.sequence < webhook_deliveries.sequence)`,
      )
      .run(lane)
  }

  /** The first of the lane that waits is due now, where it is not due already. */
  promote(database: Database, endpoint: string, lane: string): void {
    database
      .prepare(
        `UPDATE webhook_deliveries SET due_at = ?3 WHERE due_at IS NULL AND sequence = (
           SELECT min(sequence) FROM webhook_deliveries WHERE endpoint = ?1 AND lane = ?2 AND state = 'queued')`,
      )
      .run(endpoint, lane, this.#now())
  }

  /** The same of every lane of an endpoint. */
  promoteAll(database: Database, endpoint: string): void {
    database
      .prepare(
        `UPDATE webhook_deliveries SET due_at = ?2 WHERE due_at IS NULL AND sequence IN (
           SELECT min(sequence) FROM webhook_deliveries WHERE endpoint = ?1 AND state = 'queued' GROUP BY lane)`,
      )
      .run(endpoint, this.#now())
  }

  /** The same of every endpoint, also of those that are out of the config: they may return. */
  promoteEverywhere(database: Database): void {
    database
      .prepare(
        `UPDATE webhook_deliveries SET due_at = ? WHERE due_at IS NULL AND sequence IN (
           SELECT min(sequence) FROM webhook_deliveries WHERE state = 'queued' GROUP BY endpoint, lane)`,
      )
      .run(this.#now())
  }

  /** The delivery is due then, or behind what stands before it in its lane. */
  putOff(
    database: Database,
    sequence: number,
    { problem, dueAt, tries }: { problem: string; dueAt: number; tries: number },
  ): void {
    database
      .prepare(
        `UPDATE webhook_deliveries SET attempts = attempts + ?1, problem = ?3, due_at = iif(EXISTS (
           SELECT 1 FROM webhook_deliveries AS before JOIN webhook_deliveries AS this ON this.sequence = ?4
           WHERE before.endpoint = this.endpoint AND before.lane = this.lane AND before.state = 'queued'
             AND before.sequence < ?4), NULL, ?2)
         WHERE sequence = ?4 AND state = 'queued'`,
      )
      .run(tries, dueAt, problem, sequence)
  }
}

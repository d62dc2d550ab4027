import type { Database } from '../../../storage/database/database.ts'

/** Meta keeps uploads for 30 days; what is sent on the last of them must still find its file. */
const FRESH_MS = 29 * 86_400_000

/** Files of ours that Meta has (`business_uploads`): each is uploaded once, also when its message goes out again after a crash. */
export class UploadStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Meta's id of the file of this message, uploaded for this number; `null` where it has none, or not any more. `now`: milliseconds since 1970. */
  find(localId: string, phoneNumberId: string, now: number): string | null {
    const row = this.#database
      .prepare(
        'SELECT media_id, uploaded_at FROM business_uploads WHERE local_id = ? AND phone_number_id = ?',
      )
      .get(localId, phoneNumberId)
    // The columns asked for.
    const { media_id, uploaded_at } = (row ?? { media_id: null, uploaded_at: 0 }) as {
      media_id: string | null
      uploaded_at: number
    }
    return Math.abs(now - uploaded_at) < FRESH_MS ? media_id : null
  }

  /** What Meta has deleted by now goes with it. Throws `StorageError`. */
  keep(localId: string, phoneNumberId: string, mediaId: string, now: number): void {
    this.#database.prepare('DELETE FROM business_uploads WHERE uploaded_at < ?').run(now - FRESH_MS)
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO business_uploads (local_id, phone_number_id, media_id, uploaded_at) VALUES (?, ?, ?, ?)',
      )
      .run(localId, phoneNumberId, mediaId, now)
  }

  forget(localIds: readonly string[]): void {
    this.#database
      .prepare('DELETE FROM business_uploads WHERE local_id IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(localIds))
  }
}

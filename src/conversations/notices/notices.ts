import type { Database } from '../../storage/database/database.ts'
import type { Sentences } from './sentences.ts'

export type Notice =
  | 'unsupported'
  | 'viewOnce'
  | 'failed'
  | 'modelFailed'
  | 'away'
  | 'fileTooLarge'
  | 'fileFailed'
  | 'voiceUnheard'
  | 'voiceFailed'
  | 'fileNotSent'

const SENTENCE_OF = {
  unsupported: 'unreadable',
  viewOnce: 'viewOnce',
  failed: 'failed',
  modelFailed: 'modelFailed',
  away: 'assistantAway',
  fileTooLarge: 'fileTooLarge',
  fileFailed: 'fileFailed',
  voiceUnheard: 'voiceUnheard',
  voiceFailed: 'voiceFailed',
  fileNotSent: 'fileNotSent',
} as const satisfies Record<Notice, keyof Sentences>
/** How long a conversation does not hear the same one again. */
const QUIET_MS = 60_000

/** Decides which of the daemon's own notices is due; a conversation never hears the same one in quick succession. */
export class Notices {
  readonly #database: Database
  readonly #sentences: () => Sentences
  readonly #maxMegabytes: () => number

  /** `maxMegabytes`: of a file. */
  constructor(database: Database, sentences: () => Sentences, maxMegabytes: () => number) {
    this.#database = database
    this.#sentences = sentences
    this.#maxMegabytes = maxMegabytes
  }

  /**
   * The sentence, remembered as said; `null` while it was said less than a minute ago, or at `since` or later, in milliseconds since
   * 1970. Inside of the caller's transaction.
   */
  take(conversation: number, notice: Notice, now: number, since = Number.POSITIVE_INFINITY): string | null {
    // The column asked for.
    const row = this.#database
      .prepare('SELECT sent_at FROM notices WHERE conversation = ? AND notice = ?')
      .get(conversation, notice) as { sent_at: number } | undefined
    if (row !== undefined && (Math.abs(now - row.sent_at) < QUIET_MS || row.sent_at >= since)) return null
    this.#database
      .prepare('INSERT OR REPLACE INTO notices (conversation, notice, sent_at) VALUES (?, ?, ?)')
      .run(conversation, notice, now)
    const sentence = this.#sentences()[SENTENCE_OF[notice]]
    return typeof sentence === 'string' ? sentence : sentence(this.#maxMegabytes())
  }
}

import type { AssistantState } from '../../protocol/conversations/assistant-state.ts'
import type { Database } from '../../storage/database/database.ts'
import type { WaitReason } from '../store/hand-overs.ts'
import { assistantState } from './assistant-state.ts'
import { NO_HOLD } from './hold.ts'
import { HoldStore } from './hold-store.ts'

interface WaitingRow {
  id: number
  since: number
  why: WaitReason
}

const WAITING = `
  SELECT id, waits_since AS since, COALESCE(waits_for, 'handed_over') AS why FROM conversations
  WHERE id IN (SELECT value FROM json_each(?)) AND waits_since IS NOT NULL`

/** Who answers in each conversation, as people see it, read anew at every call. Throws `StorageError`. */
export class AssistantStates {
  readonly #database: Database
  readonly #holds: HoldStore
  readonly #now: () => Date

  constructor(database: Database, now: () => Date) {
    this.#database = database
    this.#holds = new HoldStore(database)
    this.#now = now
  }

  of(conversation: number): AssistantState {
    return this.ofEach([conversation])(conversation)
  }

  /** The same for each of these conversations, which are read now. */
  ofEach(conversations: readonly number[]): (conversation: number) => AssistantState {
    const rows = this.#database.prepare(WAITING).all(JSON.stringify(conversations))
    // The columns asked for.
    const waiting = new Map((rows as unknown as WaitingRow[]).map((row) => [row.id, row]))
    const holds = this.#holds.ofEach(conversations)
    const now = this.#now().getTime()
    return (id) => assistantState(holds.get(id) ?? NO_HOLD, waiting.get(id) ?? null, now)
  }
}

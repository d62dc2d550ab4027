import type { z } from 'zod'
import type { Scope } from '../tokens/scopes.ts'

/** What the table says of one event. The publisher, the client's types and the documents derive from it. */
export interface EventDefinition {
  payload: z.ZodType
  /** Who may see it. */
  scope: Scope
  /** Kept in the event log and replayed to `since`; `false` for what must never be stored. */
  stored: boolean
  /**
   * A subscriber that reads too slowly may miss the event where a later one of the same account supersedes the same thing.
   * Without it the event is never left out.
   */
  supersedes?: 'status' | 'offer' | 'passkey'
  /**
   * A field that only tokens with this scope see. It is never stored. `filled`: nobody publishes it; it is read when the event is sent,
   * also when it is sent again. Without that, replayed events lack it.
   */
  restricted?: {
    field: string
    /** Further ones, each by its dotted path. */
    also?: readonly string[]
    scope: Scope
    filled?: 'conversation' | 'message' | 'contact'
  }
  /** Sent to the one client that it is about, which need not subscribe; never to others. */
  directed?: true
  summary: string
  /** Version of the protocol that it came with. */
  since: string
}

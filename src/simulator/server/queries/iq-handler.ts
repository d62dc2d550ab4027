import type { ClientSession } from '../client-session.ts'
import type { LinkedCompanion } from '../linked-companion.ts'
import type { Network } from '../network.ts'
import type { Stanza } from '../../wire/stanza.ts'

/** A query of a logged-in client. */
export interface Query {
  request: Stanza
  companion: LinkedCompanion
  session: ClientSession
  network: Network
}

/** Answers one kind of query, through `session.send`. */
export type IqHandler = (query: Query) => void

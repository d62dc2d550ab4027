import type { LinkedCompanion } from '../linked-companion.ts'
import type { Network } from '../network.ts'
import type { Stanza } from '../../wire/stanza.ts'

/** The socket on which a query came, as far as an answer needs it. */
export interface QuerySession {
  /** E.164. */
  readonly accountNumber: string | undefined
  send(stanza: Stanza): void
  /** The client has finished its login queries. */
  activate(): void
  /** Unlinks the client. */
  removeCompanion(companion: LinkedCompanion): void
}

/** A query of a logged-in client. */
export interface Query {
  request: Stanza
  companion: LinkedCompanion
  session: QuerySession
  network: Network
}

/** Answers one kind of query, through `session.send`. */
export type IqHandler = (query: Query) => void

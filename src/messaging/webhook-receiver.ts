import type { IncomingHttpHeaders } from 'node:http'

/** One POST, as it came: the signature is over these bytes. */
export interface WebhookRequest {
  body: Buffer
  headers: IncomingHttpHeaders
  /** The part of the path behind the account; `null` without one. */
  pathSecret: string | null
}

/**
 * `200`: everything in it is on disk. `401`, `403`: it is not from the sender that the account expects. `413`: it is too long. `500`, `503`: it
 * could not be stored, and must come again. `reason`: a sentence without anything of the content.
 */
export interface WebhookAnswer {
  status: 200 | 401 | 403 | 413 | 500 | 503
  reason?: string
}

/** Since the account was opened. Times in milliseconds since the epoch. */
export interface WebhookHealth {
  /** When something came that was signed as it must be. */
  lastAt: number | null
  /** The other account by whose address that came; `null` where it was the own one. */
  lastBy: string | null
  /** How many requests were refused because of who sent them. */
  refused: number
  lastRefusal: { at: number; why: string } | null
  /** How many were not taken now, and have to come again. */
  postponed: number
  /** Updates that were for another number. */
  foreign: number
  /** Updates of a kind that is not known. */
  unsupported: number
}

/** The half of a link to which the messenger's server posts. Calls may run beside each other. */
export interface WebhookReceiver {
  readonly health: WebhookHealth
  /** The words with which the address is confirmed to its sender; `null` where the question is not the one that the account expects. */
  challenge(query: URLSearchParams, pathSecret: string | null): string | null
  /**
   * Judges a request before its body is read: the answer to one that is refused whatever the body says, `null` for all others. So nobody can
   * make the daemon read much without a signature.
   */
  refusal(request: Omit<WebhookRequest, 'body'>): WebhookAnswer | null
  /** One that was not refused is not taken: too much comes at once, and it must come again. Counted as `postponed`. */
  turnedAway(): void
  /** Takes a request in that was not refused before: each update in it once, however often it comes. Rejects never. */
  receive(request: WebhookRequest): Promise<WebhookAnswer>
}

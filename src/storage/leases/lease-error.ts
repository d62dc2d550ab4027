import type { Holder } from '../holder.ts'
import type { ReasonCode } from '../../protocol/reasons.ts'

/** Why this process may not act for an account; `code` is the row of the reasons table that names the cure. */
export interface LeaseObstacle {
  code: ReasonCode
  /** In words for a person; no secret. */
  detail: string
  /** The present holder, where it is known. */
  holder?: Holder
}

/** The lease is not, or no longer, held by this process. */
export class LeaseError extends Error {
  readonly obstacle: LeaseObstacle

  constructor(obstacle: LeaseObstacle, cause?: unknown) {
    super(`${obstacle.code}: ${obstacle.detail}`, cause === undefined ? undefined : { cause })
    this.name = 'LeaseError'
    this.obstacle = obstacle
  }
}

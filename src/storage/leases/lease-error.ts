import type { ReasonCode } from '../../protocol/reasons.ts'

/** Why this process may not act for an account, with the row of the reasons table that names the cure. */
export interface LeaseObstacle {
  code: ReasonCode
  /** In words for a person; no secret. */
  detail: string
  /** Who holds it, where that is known. */
  holder?: { pid: number; hostname: string }
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

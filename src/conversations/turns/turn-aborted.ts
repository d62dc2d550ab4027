/**
 * Why a turn ended before its agent did: `shutdown` and `merged` (its conversation became a part of another one) leave it open, to run
 * again under the same id, `revised` (a message of it was taken back) under another one.
 */
export class TurnAborted extends Error {
  readonly why: 'cancelled' | 'shutdown' | 'revised' | 'merged'

  constructor(why: 'cancelled' | 'shutdown' | 'revised' | 'merged') {
    super(`the turn was ended: ${why}`)
    this.name = 'TurnAborted'
    this.why = why
  }
}

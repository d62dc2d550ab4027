/**
 * Why a turn ended before its agent did: `shutdown` and `revised` (a message of it was taken back) leave it open, to run
 * again under the same id.
 */
export class TurnAborted extends Error {
  readonly why: 'deadline' | 'cancelled' | 'shutdown' | 'revised'

  constructor(why: 'deadline' | 'cancelled' | 'shutdown' | 'revised') {
    super(`the turn was ended: ${why}`)
    this.name = 'TurnAborted'
    this.why = why
  }
}

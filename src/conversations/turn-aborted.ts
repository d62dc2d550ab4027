/** Why a turn ended before its agent did: `shutdown` leaves it open, to run again under the same id. */
export class TurnAborted extends Error {
  readonly why: 'deadline' | 'cancelled' | 'shutdown'

  constructor(why: 'deadline' | 'cancelled' | 'shutdown') {
    super(`the turn was ended: ${why}`)
    this.name = 'TurnAborted'
    this.why = why
  }
}

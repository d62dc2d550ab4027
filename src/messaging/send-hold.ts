/** Why nothing may go out now though the connection is there, and until when. */
export interface SendHold {
  /** `chat`: to this one chat; the others go on. */
  scope: 'chat' | 'account'
  /** Milliseconds since 1970. It may be held again then. */
  until: number
  /** Stable: `pair_rate`, `number_rate`, `account_rate`, or what must be set right first. */
  code: string
  /** For a person: why, and what ends it. */
  message: string
}

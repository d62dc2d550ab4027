/** The steps of a link with a passkey at which the server can hang up. */
export type PasskeyStep = 'demand' | 'options' | 'ref' | 'prologue' | 'continuation' | 'nonce' | 'pairing'

/** How a link with a passkey goes otherwise than it should. Without any of it: as with WhatsApp. */
export interface PasskeyDemand {
  /** The demand carries no options: the client has to ask for them. */
  withoutOptions?: boolean | undefined
  /** The demand comes twice, each time with other options. */
  twice?: boolean | undefined
  /** With a pairing code: before the client has finished its part, so that the phone knows no secret of it. */
  beforeFinish?: boolean | undefined
  /** Milliseconds until a challenge is refused; ten minutes otherwise. */
  challengeLifetimeMs?: number | undefined
  /** The assertion is taken, and the phone never goes on. */
  silent?: boolean | undefined
  /** The phone shows another code than the one it should, as with somebody in between. */
  codesDiffer?: boolean | undefined
  /** The size of the phone's ephemeral key, which is 32 bytes otherwise. */
  primaryKeyBytes?: number | undefined
  /** Who the demand and the phone's answer claim to come from. */
  from?: string | undefined
  /** The connection ends here: a step of the client is not answered any more, one of the server is the last. */
  closesAt?: PasskeyStep | undefined
}

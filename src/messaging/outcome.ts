/** What came of one attempt to send. */
export type SendOutcome =
  /** WhatsApp took it; it may still refuse it later (`Capabilities.failsLater`). */
  | { outcome: 'acknowledged'; at: Date; remoteId: string }
  /** Nothing is known of it, unless `nothingLeft` says that it did not go out. */
  | {
      outcome: 'unconfirmed'
      /** In words for the log; no text of a message. */
      why: string
      /** For certain nothing went out: it may go again, whatever the capabilities. */
      nothingLeft?: boolean
      /** The connection ended meanwhile, which says nothing about the message. */
      interrupted?: boolean
      /** Nothing went out, because no device of the recipient has keys to encrypt with; it may have later. */
      hasNoKeys?: boolean
    }
  /** WhatsApp refused for good. */
  | ({ outcome: 'refused' } & SendFailure)

/** Why a message does not arrive: a stable code and a sentence for a person. */
export interface SendFailure {
  code: string
  message: string
}

/** What WhatsApp tells of a message after it was sent, in any order, and perhaps before the acknowledgement. */
export type MessageStatusUpdate = {
  /** WhatsApp's id. */
  remoteId: string
  /** Ours, where WhatsApp repeats it: it finds a message whose acknowledgement was lost. */
  localId: string | null
} & (
  | { status: 'sent' | 'delivered' | 'read' }
  /** Refused after it was taken. */
  | ({ status: 'failed' } & SendFailure)
)

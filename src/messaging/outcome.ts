import type { SendHold } from './send-hold.ts'

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
      /** Nothing went out, because its file could not be put where WhatsApp takes it from. */
      isNotUploaded?: boolean
      /** Nothing went out, because no device of the recipient has keys to encrypt with; it may have later. */
      hasNoKeys?: boolean
      /** Nothing went out, because nothing may go out there now: it goes again when this ends, which is no attempt. */
      hold?: SendHold
    }
  /** WhatsApp refused for good. */
  | ({ outcome: 'refused' } & SendFailure)

/** Why a message does not arrive: a stable code and a sentence for a person. */
export interface SendFailure {
  code: string
  message: string
}

/** In the words of the messenger; further ones may appear. */
export interface MessagePrice {
  isBillable: boolean
  /** `service`, `utility`, `marketing`, …; `null` where it names none. */
  category: string | null
  /** `regular`, `free_customer_service`, …; `null` where it names none. */
  type: string | null
}

/** What WhatsApp tells of a message after it was sent, in any order, and perhaps before the acknowledgement. */
export type MessageStatusUpdate = {
  /** WhatsApp's id. */
  remoteId: string
  /** Ours, where WhatsApp repeats it: it finds a message whose acknowledgement was lost. */
  localId: string | null
  /** What it costs, where WhatsApp says so: with one of the updates of a message, and perhaps more than once. */
  price?: MessagePrice | undefined
  /** When it happened, where WhatsApp says so: an update may come days later. */
  at?: Date | undefined
} &
  /** `played`: a voice message was heard. */
  (
    | { status: 'sent' | 'delivered' | 'read' | 'played' }
    /** Refused after it was taken. */
    | ({ status: 'failed' } & SendFailure)
  )

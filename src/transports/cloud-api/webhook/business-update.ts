import type { Fields } from '../inbound/fields.ts'

/**
 * One thing that was posted, as it is kept until it is worked on. The fields in it are WhatsApp's, unread. `isWithoutWords`: it is between the
 * owner and somebody who may not write, and tells no more than who that is.
 */
export type BusinessUpdate = {
  /** The account of WhatsApp that it is for, as the envelope names it. */
  business: string
  /** Our own number in E.164, as the envelope names it; `null` where it does not. */
  ownNumber: string | null
  /** The id of the number that it is for; absent for what is for the whole account, and in what an earlier version kept. */
  phoneNumberId?: string
} & (
  | {
      kind: 'message'
      message: Fields
      /** What WhatsApp says of its sender. */
      contact: Fields
      /** Another app answers in this chat: the message came for it. */
      isForApp: boolean
    }
  | { kind: 'status'; status: Fields; contact: Fields }
  /** What the owner wrote in the WhatsApp Business app, or another app that answers in this chat (`isForApp`). */
  | { kind: 'echo'; message: Fields; contact: Fields; isForApp?: boolean; isWithoutWords?: true }
  /** A message from before the number was connected; `context` names the other side. */
  | { kind: 'past'; message: Fields; context: Fields; isWithoutWords?: true }
  | { kind: 'call'; call: Fields; contact: Fields }
  /** Another app took or gave up a chat. */
  | { kind: 'handover'; value: Fields }
  /** About the number or its account, and no message. */
  | { kind: 'notice'; field: string; value: unknown }
)

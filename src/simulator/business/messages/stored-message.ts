import type { BusinessPerson } from '../people/business-person.ts'

export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed'

/** A message between a business number and a person, as Meta keeps it. */
export interface StoredMessage {
  id: string
  /** `in`: by the person; `out`: over the API; `echo`: by the owner, in the Business app. */
  direction: 'in' | 'out' | 'echo'
  person: BusinessPerson
  /** Of Meta: `text`, `image`, `interactive`, … */
  type: string
  /** What stands under the name of the type. */
  content: Record<string, unknown>
  /** Milliseconds since the epoch. */
  at: number
  /** The message that it answers. */
  quotedId: string | null
  status: DeliveryStatus
  /** Meta's code, of `failed`. */
  failedWith: number | null
  /** `biz_opaque_callback_data`. */
  callbackData: string | null
  /** Of `in`: the business marked it as read. */
  isRead: boolean
  isRevoked: boolean
  /** Whether it was addressed by a phone number. */
  byNumber: boolean
  /** Of a template. */
  category: string | null
}

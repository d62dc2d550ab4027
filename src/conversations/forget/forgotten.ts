import type { Conversation } from '../store/conversation-store.ts'

/** Whose words are to be forgotten. */
export interface Forgotten {
  /** `null` where nothing was said directly. */
  conversation: Conversation | null
  /** The person's number, LID and other addresses, by which they wrote anywhere; none of a group, and none of the owner. */
  people: readonly string[]
}

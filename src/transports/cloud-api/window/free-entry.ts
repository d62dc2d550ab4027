import { type Fields, fieldsOf, textIn, timeIn } from '../inbound/fields.ts'
import type { WindowRow } from './window-store.ts'

const HOUR_MS = 3_600_000
/** Who came from an advertisement has to be answered within so long. */
const ANSWER_MS = 24 * HOUR_MS
/** From the answer on; Meta, "Pricing", "Free entry point window". */
const FREE_MS = 72 * HOUR_MS
/** By which the clocks of WhatsApp and of this machine differ, and what WhatsApp leaves out of its times. */
const CLOCK_MS = 60_000
/** Meta's words for it, of a price and of what a conversation began with. */
const FREE_ENTRY = 'free_entry_point'
const ENTRY_ORIGIN = 'referral_conversion'

/** What the status of a message of ours says of its price. */
export interface FreeEntry {
  /** When the message went out, however much later this was told; milliseconds since 1970. */
  at: number
  /** `null` where the status does not say it. */
  isFree: boolean | null
  /** When messages cost again, where Meta names it. */
  until: number | null
}

/** `null` for a status that tells of no message that is out. `at`: when it went out. */
export function freeEntryIn(status: Fields, at: number): FreeEntry | null {
  if (status['status'] !== 'sent' && status['status'] !== 'delivered') return null
  const pricing = fieldsOf(status['pricing'])
  const conversation = fieldsOf(status['conversation'])
  const isEntry = textIn(fieldsOf(conversation['origin'])['type']) === ENTRY_ORIGIN
  const type = textIn(pricing['type'])
  const isCharged = type === 'regular' || pricing['billable'] === true
  return {
    at,
    isFree: type === FREE_ENTRY || isEntry ? true : isCharged ? false : null,
    until: isEntry ? timeIn(conversation['expiration_timestamp']) : null,
  }
}

/**
 * The 72 hours in which messages cost nothing begin with the first answer to somebody who came from an advertisement, where that is given
 * within 24 hours; Meta's own word counts before this.
 */
export function afterAnswer(row: WindowRow, { at, isFree, until }: FreeEntry): WindowRow {
  const { entry_at: entryAt, free_until: freeUntil } = row
  // It left before these hours began.
  if (freeUntil !== null && at < freeUntil - FREE_MS - CLOCK_MS) return row
  if (until !== null) return { ...row, free_until: until, entry_at: isAnswered(entryAt, at) ? null : entryAt }
  // Of a message that left before they came: it says nothing of what followed.
  if (entryAt !== null && at < entryAt) return row
  const isWithin = freeUntil !== null && at < freeUntil
  // Meta charges it: nothing is free, such as for who came by a computer.
  if (isFree === false)
    return isWithin || entryAt !== null ? { ...row, free_until: null, entry_at: null } : row
  if (isWithin || entryAt === null || at - entryAt > ANSWER_MS) return row
  return { ...row, free_until: at + FREE_MS, entry_at: null }
}

function isAnswered(entryAt: number | null, at: number): boolean {
  return entryAt !== null && at >= entryAt
}

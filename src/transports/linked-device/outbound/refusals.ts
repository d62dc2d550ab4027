import type { SendOutcome } from '../../../messaging/outcome.ts'

type Refusal = Extract<SendOutcome, { outcome: 'refused' }>

const refused = (code: string, message: string): Refusal => ({ outcome: 'refused', code, message })

/**
 * WhatsApp's refusals that trying again makes worse or cannot change. Sources: WA Web's nack reasons (Baileys `NACK_REASONS`,
 * whatsapp-rust `protocol/nack.rs`). What 463 means is asked first (`send-direct.ts`).
 */
const PERMANENT: Readonly<Record<string, Refusal>> = {
  '463': refused(
    'cannot_write_first',
    `WhatsApp does not let this account be the first to write to this person. When they have written, send it again.`,
  ),
  '475': refused(
    'new_chat_limit',
    `This account has written to as many new people this month as WhatsApp allows. When they have written first, or next month, send it again.`,
  ),
  '479': refused('stanza_invalid', 'WhatsApp refused the message as malformed for this recipient.'),
}

/** Nothing is sent to the number of somebody who is another person now. */
export const RECIPIENT_CHANGED = refused(
  'person_changed',
  'WhatsApp says that this number belongs to another account now. Nothing is sent to it until somebody allows it again.',
)

/** WhatsApp put the recipient's LID in question, and did not answer which one they have. Nothing went out. */
export const LID_IN_QUESTION: SendOutcome = {
  outcome: 'unconfirmed',
  why: 'WhatsApp did not say whether the number of the recipient still belongs to the same account',
  nothingLeft: true,
}

/** Errors that may pass: a timeout, too many requests, stale addressing of a group. Those of the server itself do, too. */
const PASSING: ReadonlySet<string> = new Set(['408', '421', '425', '429'])

/** The account may write to nobody new until `until`, milliseconds since the epoch; `null` where WhatsApp does not say. */
export function reachoutLocked(until: number | null): Refusal {
  const end =
    until === null ? 'for now' : `until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return refused(
    'reachout_locked',
    `WhatsApp does not let this account write to new people ${end}. After that, or when they have written, send it again.`,
  )
}

/** What an error of the server means for a message; its code and words are those that a person is shown. */
export function outcomeOf(error: string): SendOutcome {
  const permanent = PERMANENT[error]
  if (permanent !== undefined) return permanent
  if (/^4\d\d$/.test(error) && !PASSING.has(error))
    return refused('message_refused', `WhatsApp refused the message with error ${error}.`)
  return { outcome: 'unconfirmed', why: `WhatsApp answered with error ${error}` }
}

import { businessIdOfEntry } from '../../../access/numbers/id-entry.ts'
import type { Conversation } from '../../store/conversation-store.ts'
import { numberOf } from '../../store/person.ts'

/** The account that its files name where they name none. */
const UNNAMED_ACCOUNT = 'default'
/** WhatsApp's own have some twenty characters. */
const MAX_ID = 48
const GROUP = /^(\d[\d-]{0,40})@g\.us$/

/**
 * Under which an agent keeps what it remembers of a conversation: `wa_<digits>` of the person or the group, `wa_<id>` of a person with an id for
 * a business and no known number, `wa_c<id>` of every other conversation; before that another account than `default`, behind it the number of
 * the session from the second on, as in `wa_work.15550001111_2`. ASCII, at most 128 characters, different for different conversations.
 */
export function sessionId(account: string, conversation: Conversation, session = 1): string {
  const { id, kind, name } = conversation
  const digits = kind === 'group' ? GROUP.exec(name)?.[1] : numberOf(name)?.slice(1)
  const businessId = businessIdOfEntry(name) ?? ''
  const named = digits ?? (businessId.length <= MAX_ID && businessId !== '' ? businessId : `c${id}`)
  const place = account === UNNAMED_ACCOUNT ? '' : `${account}.`
  return `wa_${place}${named}${session > 1 ? `_${session}` : ''}`
}

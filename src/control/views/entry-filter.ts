import { senderNameOf } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'

/** What people write between the digits of a number. */
const BETWEEN_DIGITS = /[\s()./-]/g

/** Whether an entry of a list of numbers, groups, senders or agents matches what somebody looks for; `null` where that is everything. */
export function entryFilter(account: AccountConfig, filter: string): ((entry: string) => boolean) | null {
  const wanted = filter.trim().toLowerCase()
  if (wanted === '') return null
  const digits = wanted.replaceAll(BETWEEN_DIGITS, '').replace(/^00/, '+')
  return (entry) => {
    const written = entry.toLowerCase()
    const name = senderNameOf(account, entry)?.toLowerCase() ?? ''
    return written.includes(wanted) || name.includes(wanted) || (digits !== '' && written.includes(digits))
  }
}

import { type Fields, fieldsOf, listOf, numberIn, textIn } from '../inbound/fields.ts'

/** WhatsApp sends one; nobody needs more. */
const MAX_DETAILS = 500

/** Why a message failed, by its status: Meta's code, `null` where it names none, and its words. */
export function errorInStatus(status: Fields): { code: number | null; details: string } {
  const [error = {}] = listOf(status['errors'])
  const details = textIn(fieldsOf(error['error_data'])['details']) ?? textIn(error['title']) ?? ''
  return { code: numberIn(error['code']), details: details.slice(0, MAX_DETAILS) }
}

import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'

const WITHIN_MS = 30 * DAY_MS

/** `status: read`: this message of a person's and all before it are read; with `typing_indicator` "typing…" is shown, too. */
export function markRead(
  env: BusinessEnvironment,
  number: BusinessNumber,
  body: Record<string, unknown>,
): object {
  if (body['messaging_product'] !== 'whatsapp' || body['status'] !== 'read')
    throw new GraphError(100, { details: 'Param status must be read.' })
  const message = number.message(String(body['message_id']))
  if (message?.direction !== 'in' || env.now() - message.at > WITHIN_MS)
    throw new GraphError(131009, { details: `Invalid message_id ${String(body['message_id'])}` })
  const typing = body['typing_indicator']
  if (typing !== undefined && !(isRecord(typing) && typing['type'] === 'text'))
    throw new GraphError(131009, { details: 'Param typing_indicator must be of type text.' })
  const chat = message.person.chatWith(number)
  for (const each of number.messages) {
    if (each.direction === 'in' && each.person === message.person && !each.isRead) {
      each.isRead = true
      const shown = chat.find(each.id)
      if (shown !== undefined) shown.status = 'read'
      chat.readIds.push(each.id)
    }
    if (each === message) break
  }
  if (typing !== undefined) chat.showTyping(env.now())
  env.changed()
  return { success: true }
}

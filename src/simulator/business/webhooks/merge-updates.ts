import { isRecord } from '../../../protocol/is-record.ts'
import type { WebhookUpdate } from './webhook-update.ts'

const LISTS = ['messages', 'statuses', 'message_echoes'] as const

/** Neighbours of one number that say the same kind of thing become one change with longer lists, as in Meta's batches. */
export function mergeUpdates(updates: readonly WebhookUpdate[]): WebhookUpdate[] {
  const merged: WebhookUpdate[] = []
  for (const update of updates) {
    const last = merged.at(-1)
    const list = LISTS.find((name) => name in update.value)
    const fits =
      last !== undefined &&
      list !== undefined &&
      list in last.value &&
      last.number === update.number &&
      last.field === update.field
    if (fits) merged[merged.length - 1] = { ...last, value: joined(last.value, update.value, list) }
    else merged.push(update)
  }
  return merged
}

function joined(one: object, other: object, list: (typeof LISTS)[number]): object {
  const contacts = [...listOf(one, 'contacts'), ...listOf(other, 'contacts')]
  const byId = new Map(contacts.map((contact) => [isRecord(contact) ? contact['user_id'] : contact, contact]))
  return {
    ...one,
    ...(byId.size === 0 ? {} : { contacts: [...byId.values()] }),
    [list]: [...listOf(one, list), ...listOf(other, list)],
  }
}

function listOf(value: object, name: string): unknown[] {
  const list = isRecord(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

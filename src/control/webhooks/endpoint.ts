import { createHash } from 'node:crypto'
import type { Config, WebhookConfig } from '../../config/model.ts'
import { type EventName, topicOf } from '../../protocol/events.ts'

/** One receiver of events, as the config in force names it. */
export interface Endpoint extends WebhookConfig {
  /** Stays the same while the list that it is in and its URL do. */
  id: string
  /** Whose events it gets; `null`: those of all accounts, and those that belong to none. */
  accounts: ReadonlySet<string> | null
}

/** Every receiver that the config names. A list that several accounts share is there once. */
export function endpointsOf({ daemon, accounts }: Pick<Config, 'daemon' | 'accounts'>): Endpoint[] {
  const found = new Map<string, { webhook: WebhookConfig; accounts: Set<string> | null }>()
  for (const { accounts: named, ...webhook } of daemon.webhooks)
    found.set(webhook.place, { webhook, accounts: named === null ? null : new Set(named) })
  for (const { id, webhooks } of Object.values(accounts)) {
    for (const webhook of webhooks) {
      const known = found.get(webhook.place)
      if (known === undefined) found.set(webhook.place, { webhook, accounts: new Set([id]) })
      else known.accounts?.add(id)
    }
  }
  const taken = new Map<string, number>()
  return [...found.values()].map(({ webhook, accounts: of }) => {
    const list = webhook.place.replace(/\[\d+\]$/, '')
    const key = `${list} ${webhook.url}`
    const ordinal = taken.get(key) ?? 0
    taken.set(key, ordinal + 1)
    return { ...webhook, accounts: of, id: idOf(`${key} ${ordinal}`) }
  })
}

/** Whether it is told of this event. */
export function wants(
  { events, accounts }: Pick<Endpoint, 'events' | 'accounts'>,
  name: EventName,
  account: string | null,
): boolean {
  if (accounts !== null && (account === null || !accounts.has(account))) return false
  return events.some((pattern) => pattern === '*' || pattern === name || pattern === `${topicOf(name)}.*`)
}

/** Says nothing of the URL, which may hold a secret. */
function idOf(key: string): string {
  return `wh_${createHash('sha256').update(key).digest('hex').slice(0, 12)}`
}

import { idsOfEntry } from '../../access/numbers/id-entry.ts'
import { mayWriteDirectly } from '../../access/may-write.ts'
import type { Config } from '../../config/model.ts'
import type { EventPayload } from '../../protocol/events.ts'
import type { AccountsPort } from '../ports.ts'
import type { EventHub } from '../events/event-hub.ts'

type Blocked = EventPayload<'message.blocked'>

const EVENTS_READ = 200
const SENDERS_SHOWN = 50

/**
 * Senders who wrote and are still not allowed to, newest first. A blocked sender is reported once, so somebody who opens
 * the page later learns of it only from here.
 */
export function blockedSenders(
  events: EventHub,
  config: Config,
  accounts: Pick<AccountsPort, 'allows' | 'isAnotherPerson' | 'isIgnored'>,
): Blocked[] {
  const newest = new Map<string, Blocked>()
  for (const blocked of events.latest('message.blocked', EVENTS_READ)) {
    const key = `${blocked.account} ${blocked.phoneNumber ?? blocked.id ?? blocked.name ?? ''}`
    if (newest.has(key) || isAllowedNow(config, accounts, blocked)) continue
    const { account, phoneNumber } = blocked
    const isIgnored = phoneNumber !== null && accounts.isIgnored?.(account, phoneNumber) === true
    if (!isIgnored) newest.set(key, blocked)
  }
  return [...newest.values()].slice(0, SENDERS_SHOWN)
}

/** The numbers of those who wrote to the account and were not allowed, among the latest. */
export function blockedNumbers(events: EventHub, account: string): ReadonlySet<string> {
  const latest = events.latest('message.blocked', EVENTS_READ)
  return new Set(
    latest.flatMap((blocked) => (blocked.account === account ? (blocked.phoneNumber ?? []) : [])),
  )
}

function isAllowedNow(
  config: Config,
  accounts: Pick<AccountsPort, 'allows' | 'isAnotherPerson'>,
  { account, phoneNumber, id }: Blocked,
): boolean {
  const settings = config.accounts[account]
  // Nobody can be allowed to write to an account that is gone.
  if (settings === undefined) return true
  // Their number is on the list, and they are not whom it was allowed for.
  if (phoneNumber !== null && accounts.isAnotherPerson?.(account, phoneNumber) === true) return false
  const number = phoneNumber === null ? undefined : { value: phoneNumber, proof: 'directory' as const }
  if (mayWriteDirectly(settings, { phoneNumber: number, ...idsOfEntry(id ?? ''), conflict: false }).allowed)
    return true
  // An account also knows in which other form WhatsApp knows a number.
  return phoneNumber !== null && accounts.allows?.(account, phoneNumber) === true
}

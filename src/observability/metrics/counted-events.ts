import type { EventName, EventPayload } from '../../protocol/events.ts'
import type { AccountCounts } from './account-counts.ts'

/** States in which the connection is open. */
const OPEN: ReadonlySet<string> = new Set(['connected', 'restricted'])

type Count<Name extends EventName> = (counts: AccountCounts, payload: EventPayload<Name>) => void

/** What of an account's events is counted, besides the state of its link. */
const COUNTED: { readonly [Name in EventName]?: Count<Name> } = {
  'account.qr': (counts) => counts.offers.add('qr'),
  'account.linkCode': (counts) => counts.offers.add('code'),
  'agent.turnFinished': (counts, { outcome }) => counts.turns.add(outcome),
  'message.failed': (counts, { code }) => counts.failed.add(code),
  'message.skipped': (counts, { reason }) => counts.skipped.add(reason),
}

/** Makes of what publishes an account's events one that counts them, too. It throws nothing of its own. */
export function counting(
  counts: AccountCounts,
  publish: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void,
): typeof publish {
  let isOpen = false
  const followLink = ({ state, reason }: EventPayload<'account.status'>): void => {
    const wasOpen = isOpen
    isOpen = OPEN.has(state)
    if (isOpen && !wasOpen) counts.openings += 1
    if (wasOpen && !isOpen) counts.losses.add(reason?.code ?? 'none')
  }
  return (name, payload) => {
    // By its name it is the payload of that event.
    if (name === 'account.status') followLink(payload as EventPayload<'account.status'>)
    else COUNTED[name]?.(counts, payload)
    publish(name, payload)
  }
}

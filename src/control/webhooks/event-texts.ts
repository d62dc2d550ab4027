import type { EventName } from '../../protocol/events.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { EVENTS } from '../../protocol/events.ts'
import type { EventDefinition } from '../../protocol/events/event.ts'
import type { EventHub } from '../events/event-hub.ts'

/** So long events wait for the texts of an account whose files are closed. */
const LONGEST_WAIT_MS = 600_000

export interface EventTextsDeps {
  events: Pick<EventHub, 'filled'>
  /** Throws while its files are closed: while the daemon starts, while another host has it, on a bad disk. */
  accounts: { conversations(account: string): unknown }
  /** Milliseconds since 1970. */
  now: () => number
}

/** What events carry for receivers that get texts. */
export class EventTexts {
  readonly #deps: EventTextsDeps
  /** By account, when it was first found closed; milliseconds since 1970. */
  readonly #closedSince = new Map<string, number>()

  constructor(deps: EventTextsDeps) {
    this.#deps = deps
  }

  /**
   * `message`, `view`, or `fields` of a contact, as they are now; nothing of what is gone. `null`: the files of its account are closed, and
   * the event waits for them. After ten minutes it says `textUnavailable` instead. Never throws.
   */
  of(name: EventName, payload: object): object | null {
    if (!carriesTexts(name)) return {}
    const { account }: Record<string, unknown> = { ...payload }
    if (typeof account === 'string' && this.#isClosed(account))
      return this.#waits(account) ? null : { textUnavailable: 'account_closed' }
    if (name !== 'contact.updated') {
      const filled = this.#deps.events.filled(name, payload)
      return filled === null ? {} : { [filled.field]: filled.value }
    }
    // Published with them, and stored without.
    const view = this.#deps.events.filled('conversation.updated', payload)?.value
    return view !== undefined && 'fields' in view ? { fields: view.fields } : {}
  }

  #isClosed(account: string): boolean {
    try {
      this.#deps.accounts.conversations(account)
    } catch (error) {
      // Of an account that the config has no more nothing will come.
      if (!(error instanceof DaemonError) || error.code !== 'account_not_found') return true
    }
    this.#closedSince.delete(account)
    return false
  }

  #waits(account: string): boolean {
    const now = this.#deps.now()
    const since = this.#closedSince.get(account)
    if (since === undefined) this.#closedSince.set(account, now)
    return since === undefined || now - since < LONGEST_WAIT_MS
  }
}

function carriesTexts(name: EventName): boolean {
  const { restricted }: EventDefinition = EVENTS[name]
  return name === 'contact.updated' || restricted?.filled !== undefined
}

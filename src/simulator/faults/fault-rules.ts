import type { Stanza } from '../wire/stanza.ts'

/** What a fault applies to. Everything left out means "any". */
export interface FaultScope {
  /** E.164 of the linked account. Sockets that are not logged in yet belong to none. */
  account?: string
  /** How often it strikes before it is over; without it, until it is cleared. */
  times?: number
  matching?: (stanza: Stanza) => boolean
}

/** A fault that was switched on. */
export interface ActiveFault {
  /** How often it has struck. */
  readonly hits: number
  clear(): void
}

interface Rule<T> {
  value: T
  scope: FaultScope
  hits: number
}

/** The faults of one kind that are on at present. */
export class FaultRules<T> {
  readonly #rules = new Set<Rule<T>>()

  add(value: T, scope: FaultScope = {}): ActiveFault {
    const rule: Rule<T> = { value, scope, hits: 0 }
    this.#rules.add(rule)
    return {
      get hits() {
        return rule.hits
      },
      clear: () => void this.#rules.delete(rule),
    }
  }

  /** The first fault that strikes here, counted as a hit; `undefined` where all is well. */
  strike(account?: string, stanza?: Stanza): T | undefined {
    for (const rule of this.#rules) {
      if (!applies(rule.scope, account, stanza)) continue
      rule.hits++
      if (rule.scope.times !== undefined && rule.hits >= rule.scope.times) this.#rules.delete(rule)
      return rule.value
    }
    return undefined
  }

  clear(): void {
    this.#rules.clear()
  }
}

function applies(scope: FaultScope, account: string | undefined, stanza: Stanza | undefined): boolean {
  if (scope.account !== undefined && scope.account !== account) return false
  return scope.matching === undefined || (stanza !== undefined && scope.matching(stanza))
}

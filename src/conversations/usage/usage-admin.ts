import type { Capabilities } from '../../messaging/capabilities.ts'
import type { Charges, ChargeStore } from './charge-store.ts'
import type { Usage, UsageStore } from './usage-store.ts'

export interface UsageAdminDependencies {
  usage: Pick<UsageStore, 'of' | 'months'>
  charges: Pick<ChargeStore, 'of'>
  capabilities: Pick<Capabilities, 'isCharged'>
}

/** What an account did, by month, for people to see. Throws `StorageError`. `month` as `2026-01`. */
export class UsageAdmin {
  readonly #deps: UsageAdminDependencies

  constructor(deps: UsageAdminDependencies) {
    this.#deps = deps
  }

  of(month: string): Usage {
    return this.#deps.usage.of(month)
  }

  months(): string[] {
    return this.#deps.usage.months()
  }

  /** `null` where messages cost nothing, and never did in that month. */
  charges(month: string): Charges | null {
    const { charges, capabilities } = this.#deps
    const found = charges.of(month)
    return capabilities.isCharged || found.categories.length > 0 ? found : null
  }
}

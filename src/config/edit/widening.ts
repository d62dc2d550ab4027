import type { AccessPolicy } from '../../access/policy.ts'
import type { AccountConfig, Config } from '../model.ts'
import { EVERYBODY } from '../read/read-allow-from.ts'

/** What a person must say that they mean: letting everybody in, or nobody any more. */
export type Confirmation = 'everybody' | 'nobody'

interface Effect {
  what: Confirmation
  accounts: string[]
  message: string
}

/** What the step from one config to the other does that only a person may want. */
export function wideningEffects(before: Config, after: Config): Effect[] {
  const newly = (test: (account: AccountConfig) => boolean): string[] =>
    Object.entries(after.accounts).flatMap(([id, account]) => {
      const old = before.accounts[id]
      return test(account) && (old === undefined || !test(old)) ? [id] : []
    })
  const effects: Effect[] = [
    {
      what: 'everybody',
      accounts: newly(({ access }) => letsEverybodyIn(access)),
      message: 'This would let everybody talk to the assistant.',
    },
    {
      what: 'everybody',
      accounts: newly(({ groupAccess }) => groupAccess.groupPolicy === 'open'),
      message: 'This would let everybody talk to the assistant in groups.',
    },
    {
      what: 'nobody',
      accounts: newly(({ access }) => letsNobodyIn(access)),
      message: 'After this nobody could talk to the assistant any more.',
    },
  ]
  return effects.filter(({ accounts }) => accounts.length > 0)
}

function letsEverybodyIn({ dmPolicy, allowFrom }: AccessPolicy): boolean {
  return dmPolicy === 'open' || allowFrom.includes(EVERYBODY)
}

function letsNobodyIn({ dmPolicy, allowFrom }: AccessPolicy): boolean {
  return dmPolicy === 'disabled' || (dmPolicy === 'allowlist' && allowFrom.length === 0)
}

import type { AccessPolicy } from '../access/policy.ts'
import type { Config } from './config.ts'
import { EVERYBODY } from './read-allow-from.ts'

/** What a person must say that they mean: letting everybody in, or nobody any more. */
export type Confirmation = 'everybody' | 'nobody'

interface Effect {
  what: Confirmation
  accounts: string[]
  message: string
}

/** What the step from one config to the other does that only a person may want. */
export function wideningEffects(before: Config, after: Config): Effect[] {
  const ids = Object.keys(after.accounts)
  const changed = (test: (policy: AccessPolicy) => boolean): string[] =>
    ids.filter((id) => {
      const [old, next] = [before.accounts[id]?.access, after.accounts[id]?.access]
      return next !== undefined && test(next) && !(old !== undefined && test(old))
    })
  const effects: Effect[] = [
    {
      what: 'everybody',
      accounts: changed(letsEverybodyIn),
      message: 'This would let everybody talk to the assistant.',
    },
    {
      what: 'nobody',
      accounts: changed(letsNobodyIn),
      message: 'After this nobody could talk to the assistant any more.',
    },
  ]
  return effects.filter(({ accounts }) => accounts.length > 0)
}

/** Every group, or every member of the groups. */
export function groupEffect(change: {
  account?: string | undefined
  path: readonly string[]
  value?: unknown
}): Effect[] {
  const { account, path, value } = change
  const opens =
    (path[0] === 'groupPolicy' && value === 'open') ||
    (path[0] === 'groupAllowFrom' && Array.isArray(value) && value.includes(EVERYBODY))
  if (!opens) return []
  const message = 'This would let everybody talk to the assistant in groups.'
  return [{ what: 'everybody', accounts: account === undefined ? [] : [account], message }]
}

function letsEverybodyIn({ dmPolicy, allowFrom }: AccessPolicy): boolean {
  return dmPolicy === 'open' || allowFrom.includes(EVERYBODY)
}

function letsNobodyIn({ dmPolicy, allowFrom }: AccessPolicy): boolean {
  return dmPolicy === 'disabled' || (dmPolicy === 'allowlist' && allowFrom.length === 0)
}

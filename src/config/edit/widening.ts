import { wideningEffects as effectsOnPolicy, type WideningEffect } from '../../access/widening.ts'
import type { Config } from '../model.ts'

/** What a person must say that they mean: to let everybody write, or nobody any more. */
export type Confirmation = 'everybody' | 'nobody'

interface Effect {
  what: Confirmation
  accounts: string[]
  message: string
}

const EFFECTS: Readonly<Record<WideningEffect, { what: Confirmation; message: string }>> = {
  everybodyDirectly: { what: 'everybody', message: 'This would let everybody talk to the assistant.' },
  everybodyInGroups: {
    what: 'everybody',
    message: 'This would let everybody talk to the assistant in groups.',
  },
  nobody: { what: 'nobody', message: 'After this nobody could talk to the assistant any more.' },
  nobodyDirectly: {
    what: 'nobody',
    message: 'After this nobody could talk to the assistant any more, except in groups.',
  },
}

/** What the step from one config to the other does that only a person may want, with the accounts where it does. */
export function wideningEffects(before: Config, after: Config): Effect[] {
  const accounts = new Map<WideningEffect, string[]>()
  for (const [id, account] of Object.entries(after.accounts)) {
    for (const effect of effectsOnPolicy(before.accounts[id] ?? null, account))
      accounts.set(effect, [...(accounts.get(effect) ?? []), id])
  }
  return [...accounts].map(([effect, ids]) => ({ ...EFFECTS[effect], accounts: ids }))
}

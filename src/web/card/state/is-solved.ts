import type { CardState } from './card-state.ts'

/** States of an account that show that it goes on. */
const GOES_ON: ReadonlySet<string> = new Set(['awaiting_scan', 'confirming', 'connected'])

/**
 * Whether what an action failed of before is over: the daemon can be reached again, the account goes on, or the config file can be
 * read and written again.
 */
export function isSolved(before: CardState, after: CardState): boolean {
  if (before.connection !== 'ready' && after.connection === 'ready') return true
  const isWritable = ({ config }: CardState): boolean => config?.valid === true && config.configWrites
  if (before.config !== null && !isWritable(before) && isWritable(after)) return true
  return Object.values(after.accounts).some(({ account, state }) => {
    const known = before.accounts[account]
    return known !== undefined && known.state !== state && GOES_ON.has(state)
  })
}

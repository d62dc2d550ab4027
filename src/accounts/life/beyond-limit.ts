/**
 * The accounts that may not be linked, because others fill the limit: those that are linked count first and are never
 * cut off, then those that wait for their link, in the order of the config.
 */
export function beyondLimit(
  accounts: readonly { id: string; linked: boolean }[],
  maxAccounts: number,
): ReadonlySet<string> {
  const linked = accounts.filter((account) => account.linked)
  const pending = accounts.filter((account) => !account.linked)
  return new Set(pending.slice(Math.max(0, maxAccounts - linked.length)).map(({ id }) => id))
}

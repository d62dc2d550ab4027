import type { AccountFigures, Backlog } from '../../observability/metrics/metric-facts.ts'
import type { Account } from '../life/account.ts'

/** What a scrape shows of an account. Never throws: what cannot be read is left out, and the account's state says why. */
export function accountFigures(
  account: Pick<Account, 'id' | 'directory' | 'view' | 'openLink' | 'conversations'>,
): AccountFigures {
  const { transport, state, reason, health } = account.view()
  const known = health === null ? null : (account.openLink?.health ?? null)
  return {
    account: account.id,
    directory: account.directory,
    transport,
    state,
    reason: reason?.code ?? null,
    lastFrameAt: known?.lastFrameAt ?? null,
    decryptFailures: account.openLink?.health.decryptFailures ?? 0,
    canSend: known?.canSend ?? null,
    backlog: backlogOf(account),
  }
}

function backlogOf(account: Pick<Account, 'conversations'>): Backlog | null {
  try {
    return account.conversations.backlog()
  } catch {
    return null
  }
}

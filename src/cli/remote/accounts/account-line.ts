import type { AccountView } from '../../../protocol/account/account.ts'

const HAPPY_WORDS: Partial<Record<AccountView['state'], string>> = {
  connected: 'connected',
  awaiting_scan: 'waiting for the phone',
  confirming: 'scanned, finishing the link',
}

/** One account's state in one line: who, what, why, and what to do. */
export function accountLine(account: AccountView): string {
  const name = account.name === null ? account.account : `${account.account} (${account.name})`
  const state = HAPPY_WORDS[account.state] ?? account.state.replaceAll('_', ' ')
  const number = account.phoneNumber === null ? '' : ` as ${account.phoneNumber}`
  const reason = account.reason === null ? '' : `. ${account.reason.message} ${account.reason.action}`
  const next = account.nextAttemptAt === null ? '' : ` Next attempt at ${localTime(account.nextAttemptAt)}.`
  const until = account.until === null ? '' : ` Until ${new Date(account.until).toLocaleString()}.`
  return `${name}: ${state}${account.state === 'connected' ? number : ''}${reason}${next}${until}`
}

/** `14:03:20`, in the time zone of the terminal. */
export function localTime(timestamp: string): string {
  return new Date(timestamp).toTimeString().slice(0, 8)
}

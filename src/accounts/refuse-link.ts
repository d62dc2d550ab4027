import type { AccountConfig } from '../config/config.ts'
import { DaemonError } from '../protocol/errors.ts'
import { allowsSomebody } from './allows-somebody.ts'

/** Throws `DaemonError` where an account must not be linked now: it is paused, linked, one too many, or of use to nobody. */
export function refuseLink(config: AccountConfig, linked: boolean, mayLink: boolean): void {
  if (!config.enabled) throw new DaemonError('account_disabled')
  if (linked) throw new DaemonError('already_linked')
  if (!mayLink) throw new DaemonError('max_sessions_reached')
  if (!allowsSomebody(config)) throw new DaemonError('allowlist_empty')
}

import { DaemonError } from '../../protocol/errors.ts'
import type { Config } from '../model.ts'

/**
 * Refuses an edit of a setting that another key of the file decides: it would have no effect, or the reverse of what was meant. `account`
 * is `undefined` for the root, which counts for all of them. Throws `DaemonError` (`config_key_refused`).
 */
export function refuseOverruled({ accounts }: Config, account: string | undefined, key: string): void {
  const concerned = account === undefined ? Object.values(accounts) : [accounts[account]]
  const why = concerned.map((each) => each?.overruled?.[key]).find((sentence) => sentence !== undefined)
  if (why === undefined) return
  throw new DaemonError('config_key_refused', {
    message: `${key} cannot be changed from here. ${why}`,
    details: { path: [key], why },
  })
}

import type { MethodResult } from '../../../protocol/methods.ts'
import type { DaemonConnection } from '../connection/daemon-connection.ts'

/** What `whatsappd status --json` prints. */
export interface DaemonStatus {
  daemon: { address: string; pid: number; log?: NonNullable<MethodResult<'accounts.list'>['log']> }
  accounts: MethodResult<'accounts.list'>['accounts']
  config: MethodResult<'config.get'>
  webhooks: MethodResult<'webhooks.list'>['webhooks']
}

/** Asks the daemon. Rejects with `RequestError`. */
export async function readStatus({ client, authority, pid }: DaemonConnection): Promise<DaemonStatus> {
  const [{ accounts, log }, config, { webhooks }] = await Promise.all([
    client.request('accounts.list', {}),
    client.request('config.get', {}),
    client.request('webhooks.list', {}),
  ])
  return { daemon: { address: authority, pid, ...(log && { log }) }, accounts, config, webhooks }
}

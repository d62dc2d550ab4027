import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { ConfigView } from '../../../protocol/config/config-view.ts'
import type { LiveView } from '../state/live-view.ts'

/** Reads the config in force, and shows it. */
export async function readConfig(live: LiveView, client: WhatsappdClient): Promise<ConfigView> {
  const config = await client.request('config.get', {})
  live.dispatch({ type: 'config', config })
  return config
}

/** Whether an edit was refused because somebody else has changed the file since it was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'config_conflict'
}

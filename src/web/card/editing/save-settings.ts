import type { WhatsappdClient } from '../../../client/client.ts'
import type { LiveView } from '../state/live-view.ts'
import { isConflict, readConfig } from './read-config.ts'

/** One setting of an account. */
export interface SettingChange {
  path: string[]
  /** `undefined` removes the key. */
  value?: unknown
  /** In the place of `value`, for lists: entries to add, or to remove. */
  add?: string[]
  remove?: string[]
}

export interface SettingsSave {
  account: string
  changes: readonly SettingChange[]
  /** What the person has confirmed. */
  confirm?: readonly ('everybody' | 'nobody')[]
}

/** Saves on top of somebody else's edit only where that edit left this account unchanged. */
export async function saveSettings(
  live: LiveView,
  client: WhatsappdClient,
  { account, changes, confirm = [] }: SettingsSave,
): Promise<void> {
  const before = live.state.config
  const save = (revision: string | undefined): Promise<unknown> =>
    client.request('config.update', {
      changes: changes.map(({ value, ...change }) => {
        const isEntries = change.add !== undefined || change.remove !== undefined
        return { account, ...change, ...(isEntries ? {} : value === undefined ? { unset: true } : { value }) }
      }),
      confirm: [...confirm],
      ...(revision === undefined ? {} : { revision }),
    })
  try {
    await save(before?.revision)
  } catch (error) {
    if (!isConflict(error)) throw error
    const now = await readConfig(live, client)
    const [one, other] = [before, now].map((config) => JSON.stringify(config?.accounts[account]))
    if (one !== other) throw error
    await save(now.revision)
  }
  await readConfig(live, client)
}

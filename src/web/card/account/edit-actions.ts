import type { AllowedNumberEdits } from '../editing/allowed-number-edits.ts'
import type { SettingChange } from '../editing/save-settings.ts'
import { editing } from '../late-parts.ts'
import type { BlockedSender } from '../state/card-state.ts'
import type { LiveView } from '../state/live-view.ts'
import { senderChange } from '../state/sender-names.ts'

/** The edits of the config; most of what they do comes with the script of what edits. */
export interface EditActions extends Pick<AllowedNumberEdits, 'setAllowFrom'> {
  /** `entry` is a number, or an id (`lid:…`, `bsuid:…`). `name`, where one is known, becomes its name, unless it has one. */
  allow(entry: string, name?: string | null): Promise<boolean>
  /** Whoever wrote and is not allowed is not shown for 90 days, or until they are. */
  ignore(sender: BlockedSender, phoneNumber: string): Promise<boolean>
  /** Sets a key of the account, or removes it (`undefined`). */
  change(path: string[], value: unknown): Promise<boolean>
  /** Which agent answers `number`; `''` for the default one. */
  setAgent(number: string, agent: string): Promise<boolean>
  allowEverybody(everybody: boolean): Promise<boolean>
}

export function editActions(live: LiveView, account: string): EditActions {
  const run: LiveView['perform'] = (action, work) => live.perform(action, work)
  const update = (changes: () => SettingChange[], confirm: ('everybody' | 'nobody')[] = []) =>
    run('change', async (client) => {
      const { saveSettings } = await editing.part()
      await saveSettings(live, client, { account, changes: changes(), confirm })
    })
  const numberEdits = async (): Promise<AllowedNumberEdits> =>
    (await editing.part()).allowedNumberEdits(live, account)
  return {
    allow: (entry, name = null) =>
      run(`allow ${entry}`, async (client) => (await numberEdits()).allow(client, entry, name)),
    ignore: (blocked, phoneNumber) =>
      run(`ignore ${phoneNumber}`, async (client) => {
        await client.request('accounts.ignoreSender', { account, phoneNumber })
        live.dispatch({ type: 'blockedDismissed', blocked })
      }),
    setAllowFrom: async (draft) => (await numberEdits()).setAllowFrom(draft),
    change: (path, value) => update(() => [{ path, value }]),
    setAgent: (number, agent) =>
      update(() => [senderChange(live.state.config?.accounts[account], number, { agent })]),
    allowEverybody: (everybody) =>
      update(
        () => [
          { path: ['dmPolicy'], value: everybody ? 'open' : 'allowlist' },
          everybodyListed(live, account, everybody),
        ],
        [everybody ? 'everybody' : 'nobody'],
      ),
  }
}

/** Adds or removes the `*`. Older daemons accept only the whole list. */
function everybodyListed(live: LiveView, account: string, everybody: boolean): SettingChange {
  const path = ['allowFrom']
  const settings = live.state.config?.accounts[account]
  if (settings?.allowFromComplete !== undefined)
    return everybody ? { path, add: ['*'] } : { path, remove: ['*'] }
  const listed = settings?.allowFrom.filter((number) => number !== '*') ?? []
  return { path, value: everybody ? [...listed, '*'] : listed }
}

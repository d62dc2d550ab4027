import type { AccountConfigView, ConfigView } from '../../../protocol/config/config-view.ts'
import type { SettingChange } from '../editing/save-settings.ts'

/** The longest name that the daemon takes. */
export const LONGEST_NAME = 100

/** What the config calls `number`; `''` where it has no name, or the daemon sent none of it. A name proves nothing. */
export function nameOf(settings: AccountConfigView | null | undefined, number: string): string {
  return settings?.senders?.[number]?.name ?? ''
}

/**
 * Whether names may be written into the file. A file of another tool gets no key that this tool does not know, unless somebody has
 * written it there already: OpenClaw refuses a whole file for one.
 */
export function mayName(config: ConfigView | null, account: string): boolean {
  const senders = config?.accounts[account]?.senders
  if (config === null || senders === undefined || !config.editable.includes('senders')) return false
  return config.tool === undefined || Object.keys(senders).length > 0
}

/** Whether the daemon has sent all that the config says of `number`: a long list comes in part. */
export function isSenderKnown(settings: AccountConfigView | null | undefined, number: string): boolean {
  return settings?.sendersComplete !== false || settings.senders?.[number] !== undefined
}

/** The change that gives `number` this name or agent; without both its entry is taken out of the file. */
export function senderChange(
  settings: AccountConfigView | null | undefined,
  number: string,
  change: { name: string } | { agent: string },
): SettingChange {
  const { name, agent } = settings?.senders?.[number] ?? { name: null, agent: null }
  const [key, value, other] = 'name' in change ? ['name', change.name, agent] : ['agent', change.agent, name]
  if (value !== '') return { path: ['senders', number, key], value }
  return {
    path: other === null && isSenderKnown(settings, number) ? ['senders', number] : ['senders', number, key],
  }
}

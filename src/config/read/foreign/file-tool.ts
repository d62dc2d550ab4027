import { isRecord } from '../../../protocol/is-record.ts'
import type { ConfigDocument } from '../../document/config-document.ts'
import { INCLUDE_KEY } from '../../include/config-text.ts'
import type { ChannelSection } from '../channel-section.ts'

/** The tools that keep the same section, and in which some keys have another meaning. */
export type FileTool = 'openclaw' | 'milady' | 'elizaos'

type Value = Readonly<Record<string, unknown>>

/** Keys of the section that OpenClaw alone has. */
const OPENCLAW_KEYS = [
  'contextVisibility',
  'defaultTo',
  'exposeErrorText',
  'healthMonitor',
  'heartbeatVisibility',
  'pluginHooks',
  'reactionLevel',
]

/**
 * What shows that a whole file is OpenClaw's: sections that its gateway has, and no other tool of a sandbox. What such a section includes
 * is not read: `$include` in it is OpenClaw's own notation.
 */
const OPENCLAW_SECTIONS: readonly ((file: Value) => boolean)[] = [
  ({ gateway }) => isSection(gateway, ['auth', 'bind', 'http', 'mode', 'port', 'reload', 'tailscale']),
  ({ meta }) => isSection(meta, ['lastTouchedAt', 'lastTouchedVersion']),
  ({ agents }) => isSection(agents, ['defaults', 'entries', 'list']),
  ({ messages }) =>
    isSection(messages, [
      'ackReaction',
      'ackReactionScope',
      'groupChat',
      'inbound',
      'messagePrefix',
      'queue',
      'removeAckAfterReply',
      'responsePrefix',
      'statusReactions',
    ]),
  ({ session }) => isSection(session, ['dmScope', 'mainKey', 'reset', 'scope']),
  ({ channels }) => isSection(channels, ['defaults', 'modelByChannel']),
  ({ bindings }) => Array.isArray(bindings) && bindings.some((each) => hasAny(each, ['match'])),
  ({ wizard }) => isSection(wizard, ['lastRunAt', 'lastRunVersion']),
  ({ plugins }) => isSection(plugins, ['entries', 'slots']),
]

/**
 * Whose file it is, where that can be told; `null` for our own, and where it is not known. By the place of the section, by keys that one
 * of the tools alone has, and by its other sections.
 */
export function fileTool(
  { value: file }: Pick<ConfigDocument, 'value'>,
  section: ChannelSection,
): FileTool | null {
  const holders = sectionAndAccounts(section.value)
  if (holders.some(isElizas)) return 'elizaos'
  if (section.path[0] === 'connectors') return section.value === undefined ? null : 'milady'
  const isOpenClaws =
    holders.some((holder) => hasAny(holder, OPENCLAW_KEYS) || isRecord(holder['mentionPatterns'])) ||
    OPENCLAW_SECTIONS.some((shows) => shows(file))
  return isOpenClaws ? 'openclaw' : null
}

/** The names of its transports, its flat version of the Cloud API, and the skills of a group are ElizaOS's alone. */
function isElizas({ transport, apiVersion, groups }: Value): boolean {
  if (transport === 'baileys' || transport === 'cloudapi' || apiVersion !== undefined) return true
  return isRecord(groups) && Object.values(groups).some((group) => hasAny(group, ['skills']))
}

function sectionAndAccounts(value: unknown): Value[] {
  if (!isRecord(value)) return []
  const { accounts } = value
  return [value, ...(isRecord(accounts) ? Object.values(accounts).filter(isRecord) : [])]
}

function hasAny(value: unknown, keys: readonly string[]): boolean {
  return isRecord(value) && keys.some((key) => Object.hasOwn(value, key))
}

function isSection(value: unknown, keys: readonly string[]): boolean {
  return hasAny(value, [INCLUDE_KEY, ...keys])
}

import type { PathSegment } from '../../document/json5-tree.ts'
import type { ChannelSection } from '../channel-section.ts'
import type { RawAccount, RawChannel } from '../read-channel.ts'
import type { FileTool } from './file-tool.ts'

/** Where the settings of an account come from: the first layer that has a value wins. */
export interface AccountLayer {
  values: RawAccount
  /** The object of the file that has them; `null` for several. */
  path: readonly PathSegment[] | null
  /** Where the file has this setting of the layer, or would have it. */
  placeOf: (key: string) => PathSegment[]
}

interface LayersInput {
  channel: RawChannel
  section: ChannelSection
  tool: FileTool | null
  /** What holds where the section says nothing; only in OpenClaw's files. */
  outer: AccountLayer | null
}

/** Whose settings all accounts of an OpenClaw file inherit. */
export const SHARED_ACCOUNT = 'default'

/**
 * The account's own settings, then those of the root. In an OpenClaw file those of `accounts.default` are between the two, except for what
 * belongs to one account alone; in ElizaOS's a group that the account does not name keeps the rule of the root.
 */
export function accountLayers(id: string, input: LayersInput): AccountLayer[] {
  const { channel, section, tool, outer } = input
  const own = channel.accounts[id] ?? {}
  const layers: AccountLayer[] = [accountLayer(id, own, section)]
  const shared = channel.accounts[SHARED_ACCOUNT]
  if (tool === 'openclaw' && id !== SHARED_ACCOUNT && shared !== undefined)
    layers.push(accountLayer(SHARED_ACCOUNT, inheritedFrom(shared), section))
  layers.push(layerAt(section.path, channel))
  if (outer !== null) layers.push(outer)
  if (tool !== 'elizaos' || own.groups === undefined) return layers
  return [
    accountLayer(id, { ...own, groups: { ...channel.groups, ...own.groups } }, section),
    ...layers.slice(1),
  ]
}

/** What other accounts of an OpenClaw file take from this one: not what belongs to one account alone. */
export function inheritedFrom(shared: RawAccount): RawAccount {
  const { enabled: _enabled, name: _name, authDir: _authDir, selfChatMode: _selfChat, ...inherited } = shared
  return inherited
}

/** The layer that decides. */
export function layerOf(
  layers: readonly AccountLayer[],
  isSet: (values: RawAccount) => boolean,
): AccountLayer | undefined {
  return layers.find(({ values }) => isSet(values))
}

function accountLayer(id: string, values: RawAccount, section: ChannelSection): AccountLayer {
  return layerAt([...section.path, 'accounts', id], values)
}

function layerAt(path: readonly PathSegment[], values: RawAccount): AccountLayer {
  return { values, path, placeOf: (key) => [...path, key] }
}

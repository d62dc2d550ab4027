import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import type { RawAccount, RawChannel } from '../read-channel.ts'
import { inheritedFrom, SHARED_ACCOUNT } from './account-layers.ts'
import type { FileTool } from './file-tool.ts'

/** `auto`, or a text with variables. */
const TEMPLATE = /^auto$|\{[a-z][a-z0-9.]*\}/i
const STREAMING_KEYS: ReadonlySet<string> = new Set(['block', 'chunkMode'])
const BLOCK_KEYS: ReadonlySet<string> = new Set(['coalesce', 'enabled'])

/**
 * The section with the meaning that its own tool gives to keys which differ between tools, in our keys. What another reader would not
 * expect is a notice at its place.
 */
export function inOwnMeaning(
  channel: RawChannel,
  path: readonly PathSegment[],
  tool: FileTool | null,
  problems: Problems,
): RawChannel {
  if (tool !== null) noteInheritance(channel, path, tool, problems)
  const accounts: Record<string, RawAccount> = Object.create(null)
  for (const [id, account] of Object.entries(channel.accounts))
    accounts[id] = translated(account, [...path, 'accounts', id], tool, problems)
  return { ...channel, ...translated(channel, path, tool, problems), accounts }
}

/** What an account has from the root, or from another account, otherwise than in our own files. */
function noteInheritance(
  { enabled, accounts }: RawChannel,
  path: readonly PathSegment[],
  tool: FileTool,
  problems: Problems,
): void {
  const note = (place: readonly PathSegment[], message: string): void =>
    problems.notice('other_meaning', [...path, ...place], message)
  if (enabled === false && Object.values(accounts).some((account) => account.enabled === true))
    note(['enabled'], 'The whole channel is switched off, also the accounts that are enabled themselves.')
  const { [SHARED_ACCOUNT]: shared, ...others } = accounts
  const isShared = shared !== undefined && Object.keys(inheritedFrom(shared)).length > 0
  if (tool === 'openclaw' && isShared && Object.keys(others).length > 0)
    note(
      ['accounts', SHARED_ACCOUNT],
      'As in OpenClaw, the other accounts inherit from this one what they do not set themselves.',
    )
}

function translated(
  raw: RawAccount,
  path: readonly PathSegment[],
  tool: FileTool | null,
  problems: Problems,
): RawAccount {
  const own = { ...raw }
  const note = (key: string, message: string): void =>
    problems.notice('other_meaning', [...path, key], message)
  if (raw.blockStreaming !== undefined && tool === 'openclaw') {
    own.blockStreaming = !raw.blockStreaming
    note(
      'blockStreaming',
      `As in OpenClaw, ${raw.blockStreaming ? 'true sends long replies piece by piece' : 'false sends only whole replies'}.`,
    )
  } else if (raw.blockStreaming === true && tool !== null) {
    note('blockStreaming', 'As in Milady, true sends only whole replies. In OpenClaw it is the reverse.')
  }
  if (raw.messagePrefix !== undefined && raw.messagePrefix !== '' && tool !== null) {
    if (tool === 'openclaw') {
      own.messagePrefix = ''
      own.inboundPrefix = raw.messagePrefix
    }
    note(
      'messagePrefix',
      tool === 'openclaw'
        ? 'As in OpenClaw, the assistant reads it before what people write, and nothing is put before what goes out. For that there is responsePrefix.'
        : 'As in Milady, it is put before every message that goes out. In OpenClaw only the assistant reads it.',
    )
  }
  if (tool === 'openclaw' && TEMPLATE.test(raw.responsePrefix ?? ''))
    note('responsePrefix', "As in OpenClaw, the assistant's name or model is filled in.")
  const { streaming } = raw
  if (streaming === undefined) return own
  if (streaming.chunkMode !== undefined) own.chunkMode = streaming.chunkMode
  if (streaming.block?.enabled !== undefined) own.blockStreaming = !streaming.block.enabled
  for (const key of Object.keys(streaming).filter((each) => !STREAMING_KEYS.has(each)))
    problems.foreign([...path, 'streaming', key])
  for (const key of Object.keys(streaming.block ?? {}).filter((each) => !BLOCK_KEYS.has(each)))
    problems.foreign([...path, 'streaming', 'block', key])
  return own
}

import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { type AccountLayer, layerOf } from './account-layers.ts'
import type { FileTool } from './file-tool.ts'

const PAIRING_BY_DEFAULT: Partial<Record<FileTool, string>> = { openclaw: 'OpenClaw', milady: 'Milady' }

/**
 * Says where a key that is not set leads to less here than in the tool whose file it is: nobody is sent a code, and no chat is answered,
 * without a word of the file.
 */
export function noteOtherDefaults(
  layers: readonly AccountLayer[],
  { tool, path, problems }: { tool: FileTool | null; path: readonly PathSegment[]; problems: Problems },
): void {
  const name = tool === null ? undefined : PAIRING_BY_DEFAULT[tool]
  if (name !== undefined && layerOf(layers, ({ dmPolicy }) => dmPolicy !== undefined) === undefined)
    problems.notice(
      'other_meaning',
      [...path, 'dmPolicy'],
      `Without it, ${name} sends a code to everybody who writes. Here it is "allowlist": only those in allowFrom may write. Set it to "pairing" to let people ask for access.`,
    )
  const decidesSelfChat = ({ selfChatMode, ignoreOwnMessages }: AccountLayer['values']): boolean =>
    selfChatMode !== undefined || ignoreOwnMessages !== undefined
  if (tool === 'openclaw' && layerOf(layers, decidesSelfChat) === undefined)
    problems.notice(
      'other_meaning',
      [...path, 'selfChatMode'],
      'Without it, OpenClaw answers your chat with yourself. Here it is answered where your own number is in allowFrom. Set it to true to have it answered always; the settings in the card have the switch.',
    )
}

import { formatPath } from '../../document/config-document.ts'
import { type AccountLayer, layerOf } from './account-layers.ts'
import type { FileTool } from './file-tool.ts'

/** The settings of an account that other keys of the file decide, each with a sentence that says which. */
export function overruledSettings(
  layers: readonly AccountLayer[],
  tool: FileTool | null,
  isSwitchedOff: boolean,
): Record<string, string> {
  const overruled: Record<string, string> = {}
  const decides = (keys: readonly string[], layer: AccountLayer | undefined, ...path: string[]): void => {
    if (layer === undefined) return
    const place = formatPath([...layer.placeOf(path[0] ?? ''), ...path.slice(1)])
    for (const key of keys) overruled[key] ??= `${place} decides that.`
  }
  if (tool === 'openclaw') {
    const where = 'In this file it has another meaning, that of OpenClaw.'
    overruled['blockStreaming'] = where
    overruled['messagePrefix'] = where
  }
  const chunked = layerOf(layers, ({ chunkMode }) => chunkMode !== undefined)
  if (chunked?.values.streaming?.chunkMode !== undefined)
    decides(['chunkMode'], chunked, 'streaming', 'chunkMode')
  const streamed = layerOf(layers, ({ blockStreaming }) => blockStreaming !== undefined)
  if (streamed?.values.streaming?.block?.enabled !== undefined)
    decides(['blockStreaming'], streamed, 'streaming', 'block', 'enabled')
  const reactions = layerOf(layers, ({ reactionLevel }) => reactionLevel !== undefined)
  if (reactions?.values.reactionLevel === 'off') decides(['ackReaction'], reactions, 'reactionLevel')
  const own = layerOf(layers, ({ ignoreOwnMessages }) => ignoreOwnMessages !== undefined)
  if (own?.values.ignoreOwnMessages === true) decides(['selfChatMode'], own, 'ignoreOwnMessages')
  const people = layerOf(layers, ({ allowedJids }) => allowedJids !== undefined)
  decides(['allowFrom', 'groupAllowFrom', 'groups'], people, 'allowedJids')
  decides(
    ['groupAllowFrom', 'groups'],
    layerOf(layers, ({ allowedGroups }) => allowedGroups !== undefined),
    'allowedGroups',
  )
  if (isSwitchedOff)
    overruled['enabled'] = 'The whole channel is switched off in the file, and so are its accounts.'
  return overruled
}

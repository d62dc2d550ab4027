import type { AccountConfig } from '../../model.ts'
import { type AccountLayer, layerOf } from './account-layers.ts'
import type { FileTool } from './file-tool.ts'
import { overruledSettings } from './overruled-settings.ts'

/** What keys of other tools do besides our own settings; keys without effect are absent. */
export function foreignEffects(
  layers: readonly AccountLayer[],
  tool: FileTool | null,
  isSwitchedOff: boolean,
): Pick<AccountConfig, 'tool' | 'inboundPrefix' | 'hidesQuotes' | 'overruled'> {
  const prefix = layerOf(layers, ({ inboundPrefix }) => inboundPrefix !== undefined)?.values.inboundPrefix
  const visibility = layerOf(layers, ({ contextVisibility }) => contextVisibility !== undefined)?.values
  const overruled = overruledSettings(layers, tool, isSwitchedOff)
  return {
    ...(tool !== null && { tool }),
    ...(prefix !== undefined && { inboundPrefix: prefix }),
    ...(visibility?.contextVisibility === 'allowlist' && { hidesQuotes: true as const }),
    ...(Object.keys(overruled).length > 0 && { overruled }),
  }
}

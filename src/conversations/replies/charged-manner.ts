import type { AccountConfig } from '../../config/model.ts'
import type { Capabilities } from '../../messaging/capabilities.ts'

/** More than WhatsApp itself takes from any number. */
const UNPACED = { perMinute: 60_000, perHour: 3_600_000 }

type MannerCapabilities = Pick<Capabilities, 'isCharged' | 'textLimit' | 'pacedByServer'>

/**
 * The settings with which a transport answers. Where each message may cost, an answer is one message, and a longer one as few as possible,
 * unless the config file itself says otherwise; no message is longer than the transport takes; and where WhatsApp itself says how fast
 * messages may go, they are as fast unless the file sets a rate. The same object while nothing changes.
 */
export function withMannerOf(
  config: () => AccountConfig,
  capabilities: MannerCapabilities,
): () => AccountConfig {
  let written: AccountConfig | null = null
  let effective: AccountConfig | null = null
  return () => {
    const current = config()
    if (effective === null || written !== current) {
      effective = mannerOf(current, capabilities)
      written = current
    }
    return effective
  }
}

function mannerOf(
  config: AccountConfig,
  { isCharged, textLimit, pacedByServer }: MannerCapabilities,
): AccountConfig {
  const { chosen = [] } = config
  const isFree = (key: (typeof chosen)[number]): boolean => isCharged && !chosen.includes(key)
  const limit = isFree('textChunkLimit') ? textLimit : Math.min(textLimit, config.textChunkLimit)
  const isPaced = !pacedByServer || chosen.includes('pace')
  if (!isCharged && isPaced && limit === config.textChunkLimit) return config
  return {
    ...config,
    textChunkLimit: limit,
    ...(isFree('blockStreaming') && { blockStreaming: true }),
    ...(!isPaced && { pace: { ...config.pace, ...UNPACED } }),
    ...(isFree('chunkMode') && { chunkMode: 'length' as const }),
  }
}

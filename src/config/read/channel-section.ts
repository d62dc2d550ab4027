import { isRecord } from '../../protocol/is-record.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import type { Problems } from '../problems/problems.ts'

export interface ChannelSection {
  path: readonly [parent: 'channels' | 'connectors', 'whatsapp']
  /** `undefined` when the file has no such section. */
  value: unknown
}

/** `channels.whatsapp`, or Milady's `connectors.whatsapp`, which is read the same way. */
export function channelSection(
  { value }: Pick<ConfigDocument, 'value'>,
  problems?: Problems,
): ChannelSection {
  const at = (parent: 'channels' | 'connectors'): unknown => {
    const holder = value[parent]
    if (isRecord(holder)) return holder['whatsapp']
    if (holder !== undefined)
      problems?.error('wrong_type', [parent], 'Must be an object: { whatsapp: { … } }.')
    return undefined
  }
  const [channels, connectors] = [at('channels'), at('connectors')]
  if (channels === undefined && connectors !== undefined) {
    return { path: ['connectors', 'whatsapp'], value: connectors }
  }
  if (connectors !== undefined) {
    problems?.notice(
      'ignored',
      ['connectors', 'whatsapp'],
      'This file has channels.whatsapp too, which is used instead.',
    )
  }
  return { path: ['channels', 'whatsapp'], value: channels }
}

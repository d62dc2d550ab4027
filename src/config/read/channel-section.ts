import { isRecord } from '../../protocol/is-record.ts'
import type { ChannelPath } from '../model.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import type { Problems } from '../problems/problems.ts'

export interface ChannelSection {
  path: readonly [parent: 'channels' | 'connectors', 'whatsapp']
  /** `undefined` when the file has no such section. */
  value: unknown
}

/** For texts. */
export function sectionName({ path: [parent] }: Pick<ChannelSection, 'path'>): ChannelPath {
  return `${parent}.whatsapp`
}

/**
 * `channels.whatsapp`, or Milady's `connectors.whatsapp`; a file that has neither gets it where its other channels are. Both in one file
 * are an error: an edit of one of them would switch the other off.
 */
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
  if (channels !== undefined && connectors !== undefined) {
    const message =
      'This file has channels.whatsapp too. Keep one of the two sections, with everything that is to count.'
    problems?.keyError('two_sections', ['connectors', 'whatsapp'], message)
  }
  const isConnectors =
    channels === undefined &&
    (connectors !== undefined || (isRecord(value['connectors']) && value['channels'] === undefined))
  return isConnectors
    ? { path: ['connectors', 'whatsapp'], value: connectors }
    : { path: ['channels', 'whatsapp'], value: channels }
}

import { mentionPattern } from '../../../text/mentions/mention-pattern.ts'
import type { MentionPatterns } from '../../model.ts'
import type { Problems } from '../../problems/problems.ts'
import { type AccountLayer, layerOf } from '../foreign/account-layers.ts'
import { addressOf } from '../foreign/foreign-limits.ts'
import { GROUP_ADDRESS } from './read-groups.ts'
import { capitalized } from '../../../text/sentence.ts'

/**
 * By what the assistant is called in groups, and where that counts. A pattern that cannot be read is a problem at its place. The list
 * and OpenClaw's object have one key: each is that of the first layer that has it.
 */
export function readMentionPatterns(layers: readonly AccountLayer[], problems: Problems): MentionPatterns {
  const listed = layerOf(layers, ({ mentionPatterns }) => Array.isArray(mentionPatterns))
  const patterns = Array.isArray(listed?.values.mentionPatterns) ? listed.values.mentionPatterns : []
  for (const [index, pattern] of patterns.entries()) {
    try {
      mentionPattern(pattern)
    } catch (error) {
      if (!(error instanceof SyntaxError) || listed === undefined) throw error
      const path = [...listed.placeOf('mentionPatterns'), index]
      problems.error('invalid_value', path, `${capitalized(error.message)}.`)
    }
  }
  return { patterns, ...readPlaces(layers, problems) }
}

function readPlaces(layers: readonly AccountLayer[], problems: Problems): Omit<MentionPatterns, 'patterns'> {
  const layer = layerOf(
    layers,
    ({ mentionPatterns }) => mentionPatterns !== undefined && !Array.isArray(mentionPatterns),
  )
  const places = layer?.values.mentionPatterns
  if (layer === undefined || places === undefined || Array.isArray(places))
    return { mode: 'allow', allowIn: [], denyIn: [] }
  const message = `As in OpenClaw, this says in which groups people may call the assistant by name.`
  problems.notice('other_meaning', layer.placeOf('mentionPatterns'), message)
  const groups = (key: 'allowIn' | 'denyIn'): string[] =>
    (places[key] ?? []).flatMap((entry, index) => {
      const address = addressOf(entry)
      if (address !== null && GROUP_ADDRESS.test(address)) return [address]
      // In a chat with one person nobody has to call the assistant.
      if (address !== null) return []
      const path = [...layer.placeOf('mentionPatterns'), key, index]
      problems.error('not_a_group', path, 'This is no address of a group, such as 120363000000000000@g.us.')
      return []
    })
  return { mode: places.mode ?? 'allow', allowIn: groups('allowIn'), denyIn: groups('denyIn') }
}

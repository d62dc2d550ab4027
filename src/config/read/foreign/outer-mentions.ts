import { isRecord } from '../../../protocol/is-record.ts'
import { mentionPattern } from '../../../text/mentions/mention-pattern.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { MAX_MENTION_PATTERNS, MAX_PATTERN_LENGTH } from '../../settings/mention-settings.ts'
import { recordAt } from './record-at.ts'

type File = Readonly<Record<string, unknown>>

/**
 * By what OpenClaw's assistant is called in groups, as entries of our `mentionPatterns`: the regular expressions of its default agent, else
 * those of `messages.groupChat`, else the name of that agent. One that cannot be read is left out with a notice, as there.
 * Source: https://docs.openclaw.ai/channels/groups
 */
export function outerMentions(
  file: File,
  problems: Problems,
): { patterns: string[]; path: readonly PathSegment[] } | null {
  const { agent, path } = defaultAgent(file)
  const places: [value: unknown, path: PathSegment[]][] = [
    [recordAt(agent, 'groupChat')['mentionPatterns'], [...path, 'groupChat', 'mentionPatterns']],
    [
      recordAt(recordAt(file, 'messages'), 'groupChat')['mentionPatterns'],
      ['messages', 'groupChat', 'mentionPatterns'],
    ],
  ]
  for (const [value, place] of places) {
    if (Array.isArray(value)) return { patterns: readable(value, place, problems), path: place }
  }
  const { name } = recordAt(agent, 'identity')
  const hasName = typeof name === 'string' && name.trim() !== '' && name.length <= MAX_PATTERN_LENGTH
  // A text with a variable is not expanded here.
  if (!hasName || name.includes('${') || name.startsWith('/')) return null
  return { patterns: [name], path: [...path, 'identity', 'name'] }
}

function defaultAgent(file: File): { agent: File; path: PathSegment[] } {
  const { list } = recordAt(file, 'agents')
  const agents: unknown[] = Array.isArray(list) ? list : []
  const marked = agents.findIndex((each) => isRecord(each) && each['default'] === true)
  const index = Math.max(0, marked)
  const agent = agents[index]
  return { agent: isRecord(agent) ? agent : {}, path: ['agents', 'list', index] }
}

function readable(list: readonly unknown[], place: readonly PathSegment[], problems: Problems): string[] {
  const patterns = list.flatMap((source, index) => {
    const pattern = typeof source === 'string' ? `/${source}/i` : ''
    const fault = faultOf(pattern)
    if (fault === null) return [pattern]
    problems.notice('ignored', [...place, index], `By this nobody calls the assistant: ${fault}.`)
    return []
  })
  if (patterns.length > MAX_MENTION_PATTERNS)
    problems.notice('ignored', place, `Only the first ${MAX_MENTION_PATTERNS} patterns count.`)
  return patterns.slice(0, MAX_MENTION_PATTERNS)
}

function faultOf(pattern: string): string | null {
  if (pattern === '' || pattern.includes('${')) return 'it is no text of its own'
  if (pattern.length > MAX_PATTERN_LENGTH) return `it has more than ${MAX_PATTERN_LENGTH} characters`
  try {
    mentionPattern(pattern)
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

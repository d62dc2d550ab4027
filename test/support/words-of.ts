import type { ReplyPart } from '../../src/agents/agent.ts'

/** The words in a part of a reply; none where it is something else. */
export function wordsOf(part: ReplyPart): string {
  return part.type === 'delta' ? part.text : ''
}

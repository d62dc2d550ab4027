import type { MentionPatterns } from '../../config/model.ts'
import { textOf } from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import { foldedText } from '../../text/mentions/find-name.ts'
import { mentionPattern } from '../../text/mentions/mention-pattern.ts'

type Patterns = readonly ReturnType<typeof mentionPattern>[]

/** By the list that they were read from, which never changes. */
const compiled = new WeakMap<readonly string[], Patterns>()

/** The message, as one that addresses the account where its words call the assistant by a name that counts in its group. */
export function calledByName(message: IncomingMessage, settings: MentionPatterns): IncomingMessage {
  const { chat, content, mentionsUs } = message
  if (mentionsUs || chat.kind !== 'group' || content.kind !== 'message') return message
  if (settings.patterns.length === 0 || !countsIn(settings, chat.address)) return message
  const text = textOf(content.parts)
  const folded = foldedText(text)
  return patternsOf(settings.patterns).some((matches) => matches(text, folded))
    ? { ...message, mentionsUs: true }
    : message
}

function countsIn({ mode, allowIn, denyIn }: MentionPatterns, group: string): boolean {
  return !denyIn.includes(group) && (mode === 'allow' || allowIn.includes(group))
}

function patternsOf(patterns: readonly string[]): Patterns {
  const known = compiled.get(patterns)
  if (known !== undefined) return known
  const read = patterns.map(mentionPattern)
  compiled.set(patterns, read)
  return read
}

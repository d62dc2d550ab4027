import { isRecord } from '../../../protocol/is-record.ts'
import { replaceUnprintable } from '../../../protocol/text/printable.ts'

/** A person reads it on a phone, and must read all of it. */
const MAX_LENGTH = 3_000
/** Of the tool call as it came: what is longer is not even put into words. */
const MAX_INPUT_LENGTH = 20_000
const LABELS = {
  kind: 'kind',
  title: 'title',
  locations: 'files',
  rawInput: 'input',
  content: 'content',
} as const

/**
 * What a tool call is about to do, whole and in plain text, one line a fact: every value as JSON, in which nothing begins a line of its
 * own, is invisible, changes the direction of writing, or is a mark of WhatsApp's. `null` where it cannot be shown whole on a phone, or says nothing: nobody may allow that.
 */
export function describeAction(toolCall: Record<string, unknown>): string | null {
  const lines: string[] = []
  let length = 0
  for (const [key, label] of Object.entries(LABELS)) {
    const value = key === 'content' ? contentOf(toolCall[key]) : toolCall[key]
    if (value === undefined || value === null || isEmpty(value)) continue
    const json = toPlainJson(value)
    if (json === null) return null
    const line = `${label}: ${json}`
    length += line.length + 1
    if (length > MAX_LENGTH) return null
    lines.push(line)
  }
  // A kind alone says nothing of what is done.
  return lines.some((line) => !line.startsWith(`${LABELS.kind}:`)) ? lines.join('\n') : null
}

/** Of a change to a file, the file and both texts; of other content, what it holds. */
function contentOf(content: unknown): unknown {
  if (!Array.isArray(content)) return undefined
  const items: readonly unknown[] = content
  return items.map((item) => {
    if (!isRecord(item)) return item
    const { type, path, oldText, newText, content: block } = item
    if (type === 'diff') return { path, ...(typeof oldText === 'string' && { old: oldText }), new: newText }
    return isRecord(block) && typeof block['text'] === 'string' ? block['text'] : item
  })
}

function toPlainJson(value: unknown): string | null {
  const json = JSON.stringify(value)
  if (json === undefined || json.length > MAX_INPUT_LENGTH) return null
  // Marks may hide themselves, and what stands between them may look like something else; between backquotes nothing is a mark.
  return replaceUnprintable(json, escaped).replaceAll('`', escaped)
}

function escaped(found: string): string {
  return Array.from({ length: found.length }, (_, index) => {
    return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}

function isEmpty(value: unknown): boolean {
  return (
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  )
}

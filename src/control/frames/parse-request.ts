import type { z } from 'zod'
import { DaemonError } from '../../protocol/errors.ts'
import { requestSchema } from '../../protocol/frames.ts'
import type { RequestFrame, RequestId } from '../../protocol/frames.ts'

/** Of lists and objects in a request; nothing that any method takes has half of it. Deeper values exhaust the stack. */
const MAX_DEPTH = 32
const MAX_ISSUES = 20

/** The parsed frame. Throws `DaemonError` (`parse_error`, `invalid_request`). */
export function parseRequest(text: string): RequestFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DaemonError('parse_error')
  }
  if (!isNestedWithin(text, MAX_DEPTH)) {
    const message = `Lists and objects are nested more than ${MAX_DEPTH} levels deep.`
    throw new DaemonError('invalid_request', { details: { issues: [{ path: '', message }] } })
  }
  const parsed = requestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new DaemonError('invalid_request', { details: { issues: describeIssues(parsed.error) } })
}

/** The id of a request that is rejected without being parsed, where it has one, so that its caller need not wait for a timeout. */
export function requestIdOf(text: string): RequestId | null {
  try {
    const id = (JSON.parse(text) as { id?: unknown } | null)?.id
    const parsed = requestSchema.shape.id.safeParse(id)
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** At most 20 of what does not fit, each with its place, such as `allowFrom[1]`. Holds none of the values. */
export function describeIssues(error: z.ZodError): { path: string; message: string }[] {
  return error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ path: formatPath(issue.path), message: issue.message }))
}

/** As in `config.rejected`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
}

/** Whether no list or object of this JSON text is nested deeper than `limit`. Reads the text once. */
function isNestedWithin(text: string, limit: number): boolean {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (isInString) {
      if (character === '\\') index += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    if (depth > limit) return false
  }
  return true
}

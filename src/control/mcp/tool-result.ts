import type { CallToolResult } from '@modelcontextprotocol/server'
import { UNTRUSTED_NOTICE } from './untrusted.ts'

const ESCAPES: Readonly<Record<string, string>> = { '<': String.raw`\u003c`, '>': String.raw`\u003e` }

/**
 * `value` as JSON, below the notice about other people's texts. Angle brackets are escaped, so that no text can close an element, or
 * begin one, in which a client puts a result.
 */
export function resultText(value: unknown): string {
  const json = JSON.stringify(value).replaceAll(/[<>]/g, (found) => ESCAPES[found] ?? found)
  return `${UNTRUSTED_NOTICE}\n${json}`
}

/** The same content as text and in fields. */
export function toolResult(value: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: resultText(value) }], structuredContent: value }
}

/** A failure as a result, so that the assistant reads the cure. */
export function failedResult(error: unknown): CallToolResult {
  return { content: [{ type: 'text', text: failureSentence(error) }], isError: true }
}

/** What went wrong and what helps, in sentences. */
function failureSentence(error: unknown): string {
  if (!(error instanceof Error)) return 'Something failed.'
  const action = 'action' in error && typeof error.action === 'string' ? error.action : ''
  return [error.message, action].filter((part) => part !== '').join(' ')
}

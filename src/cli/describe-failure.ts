import { redactText } from '../observability/log/redact-text.ts'
import { reason } from '../protocol/reasons.ts'
import { CommandFailure } from './command-failure.ts'
import { StorageError } from '../storage/storage-error.ts'

export interface FailureText {
  /** What went wrong and what to do about it, one line. */
  line: string
  /** The stack with its causes, phone numbers and secrets masked; for `--verbose`. */
  details: string
  /** Whether the line says all there is to know; otherwise it is worth pointing to the details. */
  explained: boolean
}

/** Any error as a person reads it. Errors with an `action` (the daemon's and the client's) say the cure themselves. */
export function describeFailure(error: unknown): FailureText {
  if (!(error instanceof Error)) return { line: redactText(String(error)), details: '', explained: false }
  if (error instanceof StorageError) {
    const { message, action } = reason(error.reason, error.detail)
    return {
      line: oneLine(`${message} ${action}`),
      details: redactText(stackWithCauses(error)),
      explained: true,
    }
  }
  const action = 'action' in error && typeof error.action === 'string' ? error.action : undefined
  const line = [error.message, action].filter((part) => part !== undefined && part !== '').join(' ')
  return {
    line: oneLine(line),
    details: redactText(stackWithCauses(error)),
    // Errors of the daemon and of its client are made for people; they say whether trying again can help.
    explained: error instanceof CommandFailure || 'retryable' in error,
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ')

function stackWithCauses(error: Error): string {
  const stack = error.stack ?? error.message
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackWithCauses(error.cause)}` : stack
}

import type { BusinessStepName } from '../../../protocol/account/business.ts'
import { REASONS, type ReasonCode } from '../../../protocol/reasons.ts'
import type { BusinessCredentials } from '../credentials/business-credentials.ts'
import type { ConnectionFile } from '../credentials/connection-file.ts'
import type { GraphAnswer } from '../graph/graph-client.ts'
import type { BusinessFactsStore, StepFacts } from './business-facts.ts'
import type { Failure } from './reason-of-problem.ts'

/** A request, without what is the same for all of them. */
export interface SetUpRequest {
  method: 'GET' | 'POST' | 'DELETE'
  /** Behind the version. */
  path: string
  query?: Readonly<Record<string, string>>
  json?: unknown
}

/** What a step of the set-up works with. */
export interface SetUpContext {
  /** As they are in this moment: a step may learn the id of the number. */
  credentials: () => BusinessCredentials
  ask: (request: SetUpRequest) => Promise<GraphAnswer>
  facts: BusinessFactsStore
  file: ConnectionFile
  /** Keeps how a step is, and shows it. Throws `StorageError`. */
  report: (step: BusinessStepName, facts: StepFacts) => void
  /** The name of a key or variable, for advice. */
  nameOf: (key: 'phoneNumberId' | 'businessAccountId') => string
  /** Milliseconds since the epoch. */
  now: () => number
  /** Six digits. */
  newPin: () => string
}

export const DONE: StepFacts = { state: 'done', code: null, message: null, action: null }
export const RUNNING: StepFacts = { state: 'running', code: null, message: null, action: null }

export function skipped(message: string, action: string | null = null): StepFacts {
  return { state: 'skipped', code: null, message, action }
}

/** A step that failed, in the words of the table of reasons and of Meta. */
export function failed(reason: ReasonCode, detail?: string): StepFacts {
  const { message, action } = REASONS[reason]
  return {
    state: 'failed',
    code: reason,
    message: detail === undefined || detail === '' ? message : `${message} (${detail})`,
    action,
  }
}

/** How a step is shown that ended in `failure`: one that is tried again by itself waits. */
export function stepOf(failure: Failure): StepFacts {
  const shown = failed(failure.reason, failure.detail)
  const isLater = failure.kind === 'wait' || failure.until !== undefined
  return isLater ? { ...shown, state: 'waiting' } : shown
}

import type { AgentFailureCode } from '../../../protocol/agent-failures.ts'
import { AgentError } from '../../agent-error.ts'

interface ExplainedSettings {
  id?: string
  baseUrl: string
  model: string
  timeoutSeconds: number
  keySource?: string | null
}

type Cure = (at: (setting: string) => string, settings: ExplainedSettings) => string

/** What to do, with the settings that matter and their values. */
const CURES: Partial<Record<AgentFailureCode, Cure>> = {
  unreachable: (at, { baseUrl }) =>
    `Check that the assistant runs at ${shownAddress(baseUrl)}, which is ${at('baseUrl')}.`,
  unauthorized: (at, { keySource }) =>
    keySource === undefined || keySource === null
      ? `Set ${at('apiKey')}: there is none.`
      : `Check ${at('apiKey')}, which is ${keySource}.`,
  not_found: (at, { baseUrl, model }) =>
    `Check ${at('baseUrl')}, which is at ${shownAddress(baseUrl)}${lacksVersion(baseUrl) ? ' (most addresses end in /v1)' : ''}, and ${at('model')}, which is ${JSON.stringify(model)}.`,
  bad_answer: (at, { baseUrl }) =>
    `Check that ${at('baseUrl')}, which is at ${shownAddress(baseUrl)}, is the address of OpenAI's chat completions${lacksVersion(baseUrl) ? ' (most end in /v1)' : ''}.`,
  bad_request: (at, { model }) =>
    `Check ${at('model')}, which is ${JSON.stringify(model)}, and that its server speaks OpenAI's chat completions.`,
  timeout: (at, { timeoutSeconds }) =>
    `Raise ${at('timeoutSeconds')}, which is ${timeoutSeconds}, or use a faster model.`,
}

/** The failure with a cure that names the settings of this agent; every other error as it is. */
export function explain(error: unknown, settings: ExplainedSettings): unknown {
  if (!(error instanceof AgentError)) return error
  const cure = CURES[error.code]
  if (cure === undefined) return error
  const at = (setting: string): string =>
    settings.id === undefined ? `the agent's ${setting}` : `agents.${settings.id}.${setting}`
  const { code, message, retryable, retryAfterMs } = error
  return new AgentError(code, message, { action: cure(at, settings), retryable, retryAfterMs })
}

/** Only where the server is: a path or a query may have a key in it. */
function shownAddress(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : 'no URL'
}

function lacksVersion(baseUrl: string): boolean {
  return !/\/v\d/.test(baseUrl)
}

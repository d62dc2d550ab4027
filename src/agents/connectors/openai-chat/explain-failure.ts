import type { AgentFailureCode } from '../../../protocol/account/agent-failures.ts'
import { AgentError } from '../../agent-error.ts'
import { isAboutChosenModel } from '../../is-about-chosen-model.ts'
import type { OpenAiChatOptions } from './openai-chat-agent.ts'

type ExplainedSettings = Pick<
  OpenAiChatOptions,
  'id' | 'baseUrl' | 'model' | 'timeoutSeconds' | 'keySource' | 'shown'
> & {
  /** The model that a person chose in a chat; `null`, or left out, where it is that of the settings. */
  chosenModel?: string | null
}

/** A setting's place in the config, and what it is. */
type Named = (setting: 'baseUrl' | 'model' | 'timeoutSeconds' | 'apiKey') => string

/** What to do, with the settings that matter and their values. */
const CURES: Partial<Record<AgentFailureCode, (named: Named, isKeySet: boolean, hint: string) => string>> = {
  unreachable: (named) => `Check that the assistant runs at ${named('baseUrl')}.`,
  unauthorized: (named, isKeySet) => (isKeySet ? `Check ${named('apiKey')}.` : `Set ${named('apiKey')}.`),
  not_found: (named, _isKeySet, hint) => `Check ${named('baseUrl')}${hint}, and ${named('model')}.`,
  bad_answer: (named, _isKeySet, hint) =>
    `Check that ${named('baseUrl')} is the address of OpenAI's chat completions${hint}.`,
  bad_request: (named) => `Check ${named('model')}, and that its server speaks OpenAI's chat completions.`,
  timeout: (named) => `Raise ${named('timeoutSeconds')}, or use a faster model.`,
}

/** The failure with a cure that names the settings of this agent; every other error as it is. */
export function explain(error: unknown, settings: ExplainedSettings): unknown {
  if (!(error instanceof AgentError)) return error
  const cure = CURES[error.code]
  if (cure === undefined) return error
  const {
    id,
    baseUrl,
    model,
    timeoutSeconds,
    keySource = null,
    chosenModel = null,
    shown = (_setting, value) => value,
  } = settings
  const values = {
    baseUrl: shownAddress(baseUrl, shown('baseUrl', baseUrl)),
    model: JSON.stringify(shown('model', model)),
    timeoutSeconds: String(timeoutSeconds),
    apiKey: keySource ?? 'there is none',
  }
  const place = id === undefined ? "the agent's " : `agents.${id}.`
  const hint = /\/v\d/.test(baseUrl) ? '' : ' (most end in /v1)'
  const named: Named = (setting) => `${place}${setting} (${values[setting]})`
  const action = isAboutChosenModel(error, chosenModel)
    ? `The model ${JSON.stringify(chosenModel)} was chosen in a chat: "/model default" there takes the choice back. Where every model fails, check ${named('baseUrl')}${hint}.`
    : cure(named, keySource !== null, hint)
  const { code, message, retryable, retryAfterMs } = error
  return new AgentError(code, message, { action, retryable, retryAfterMs })
}

/** Only where the server is: a path or a query may have a key in it. One that refers to variables is shown as it is written. */
function shownAddress(baseUrl: string, shown: string): string {
  if (shown !== baseUrl) return shown
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : 'no address'
}

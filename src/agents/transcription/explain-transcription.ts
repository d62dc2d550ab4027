import type { AgentFailureCode } from '../../protocol/account/agent-failures.ts'
import type { TranscriptionConfig } from '../../config/model.ts'
import { AgentError } from '../agent-error.ts'

/** The settings as people may read them. */
export interface ShownTranscription extends Pick<TranscriptionConfig, 'timeoutSeconds' | 'maxMinutes'> {
  /** Before the name of a setting: `channels.whatsapp.transcription`. */
  place: string
  /** Without what may be a key. */
  baseUrl: string
  /** Whether the address names a version, as most do. */
  hasVersion: boolean
  model: string
  /** Where the key stands; `null` where there is none. */
  keySource: string | null
}

type Cure = (settings: ShownTranscription) => string

const address: Cure = ({ place, baseUrl, hasVersion }) =>
  `${place}.baseUrl (${baseUrl}${hasVersion ? '' : '; most end in /v1'})`
const model: Cure = ({ place, model: name }) => `${place}.model (${JSON.stringify(name)})`

const CURES: Partial<Record<AgentFailureCode, Cure>> = {
  unreachable: (settings) => `Check that a server runs at ${address(settings)}.`,
  unauthorized: ({ place, keySource }) =>
    keySource === null ? `Set ${place}.apiKey.` : `Check ${place}.apiKey (${keySource}).`,
  not_found: (settings) => `Check ${address(settings)}, and ${model(settings)}.`,
  bad_answer: (settings) =>
    `Check that ${address(settings)} is the address of a server with OpenAI's /audio/transcriptions.`,
  bad_request: (settings) =>
    `Check ${model(settings)}, and that its server takes Ogg with Opus, as WhatsApp records it.`,
  rate_limited: ({ place }) => `Wait, or raise the limit or the credit of the key of ${place}.`,
  server_error: (settings) => `Look into the log of the server at ${address(settings)}.`,
  interrupted: (settings) =>
    `Look into the log of the server at ${address(settings)}, and of any proxy before it.`,
  turn_too_large: ({ place, maxMinutes }) =>
    `Change ${place}.maxMinutes (${maxMinutes}) to what the server takes.`,
  timeout: ({ place, timeoutSeconds }) =>
    `Raise ${place}.timeoutSeconds (${timeoutSeconds}), or use a faster model.`,
}

/** The failure with a cure that names the settings of this account; every other error as one that says nothing of its cause. */
export function explainTranscription(error: unknown, settings: ShownTranscription): AgentError {
  // Other errors may quote a path or a key.
  if (!(error instanceof AgentError)) return new AgentError('failed', 'a voice message could not be read')
  const { code, message, retryable, retryAfterMs } = error
  const action = CURES[code]?.(settings) ?? error.action
  return new AgentError(code, message, { action, retryable, retryAfterMs })
}

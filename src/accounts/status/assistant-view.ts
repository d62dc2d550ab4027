import type { PooledAgentHealth } from '../../agents/agent-pool.ts'
import type { TranscriptionHealth } from '../../agents/transcription/transcription.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { AssistantView } from '../../protocol/account/assistant.ts'
import { recordView } from './record-view.ts'

/**
 * How an account's assistant is: the default agent, or another one of its agents that fails; and who writes down voice messages for it,
 * where somebody does. `null` where nothing is known of any agent.
 */
export function assistantView(
  { defaultAgent }: Pick<AccountConfig, 'defaultAgent'>,
  agents: readonly PooledAgentHealth[],
  transcription: TranscriptionHealth | null,
): AssistantView | null {
  const standard = agents.find(({ agent }) => agent === defaultAgent)
  const shown = standard?.ok === false ? standard : (agents.find(({ ok }) => !ok) ?? standard)
  if (shown === undefined) return null
  const { agent, connector, ok, since, lastSuccessAt, lastFailure } = shown
  return {
    agent,
    connector,
    ...recordView({ ok, since, lastSuccessAt, lastFailure }),
    ...(transcription && { transcription: recordView(transcription) }),
  }
}

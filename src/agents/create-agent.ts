import type { AccountConfig } from '../config/model.ts'
import type { SecretReader } from '../config/secrets/secret-reader.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { Agent } from './agent.ts'
import { AgentError } from './agent-error.ts'
import { echoAgent } from './connectors/echo/echo.ts'
import { OpenAiChatAgent } from './connectors/openai-chat/openai-chat.ts'

/**
 * The assistant that `account` calls `id`. Secrets are read when it answers, not now. Throws `DaemonError`
 * (`misconfigured`) when the config knows no such assistant.
 */
export function createAgent(
  account: Pick<AccountConfig, 'agents'>,
  id: string,
  secrets: SecretReader,
): Agent {
  const settings = Object.hasOwn(account.agents, id) ? account.agents[id] : undefined
  if (settings === undefined) {
    throw new DaemonError('misconfigured', {
      message: `There is no agent "${id}" under channels.whatsapp.agents.`,
    })
  }
  if (settings.connector === 'echo') return echoAgent
  const { apiKey } = settings
  return new OpenAiChatAgent({
    ...settings,
    apiKey: () => {
      if (apiKey === null) return null
      try {
        return secrets.read(apiKey)
      } catch {
        throw new AgentError('misconfigured', `the key of agent "${id}" cannot be read: check apiKey`)
      }
    },
  })
}

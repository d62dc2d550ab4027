import type { AgentConfig } from '../config/model.ts'
import type { SecretReader } from '../config/secrets/secret-reader.ts'
import type { Agent } from './agent.ts'
import { AgentError } from './agent-error.ts'
import { echoAgent } from './connectors/echo/echo.ts'
import { OpenAiChatAgent } from './connectors/openai-chat/openai-chat.ts'

/** The agent with these settings. Secrets are read when it answers, not now. */
export function createAgent(id: string, settings: AgentConfig, secrets: SecretReader): Agent {
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

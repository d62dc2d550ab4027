import type { z } from 'zod'
import type { agentSchema } from '../settings/agent-schema.ts'
import type { AgentConfig } from '../model.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { readSecret } from '../secrets/read-secret.ts'

type RawAgents = Readonly<Record<string, z.infer<typeof agentSchema>>>

const EMBEDDED: RawAgents = { echo: { connector: 'echo' } }

/** The assistants by id, without a prototype; `echo` where none is declared. `directory` is where paths start. */
export function readAgents(
  raw: RawAgents | undefined,
  path: readonly PathSegment[],
  directory: string,
  problems: Problems,
): Record<string, AgentConfig> {
  const agents: Record<string, AgentConfig> = Object.create(null)
  for (const [id, agent] of Object.entries(raw ?? EMBEDDED)) {
    const name = agent.name === undefined ? {} : { name: agent.name }
    if (agent.connector === 'echo') {
      agents[id] = { connector: 'echo', ...name }
      continue
    }
    const { baseUrl, model, apiKey, systemPrompt, timeoutSeconds } = agent
    agents[id] = {
      connector: 'openai-chat',
      ...name,
      baseUrl: baseUrl.replace(/\/+$/, ''),
      model,
      apiKey: apiKey === undefined ? null : readSecret(apiKey, [...path, id, 'apiKey'], directory, problems),
      systemPrompt: systemPrompt ?? null,
      timeoutSeconds: timeoutSeconds ?? 120,
    }
  }
  return agents
}

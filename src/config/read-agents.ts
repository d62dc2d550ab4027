import { resolve } from 'node:path'
import type { z } from 'zod'
import type { agentSchema } from './agent-schema.ts'
import type { AgentConfig, SecretReference } from './config.ts'
import type { PathSegment } from './parse.ts'
import type { Problems } from './problems.ts'
import type { secretSchema } from './secret-schema.ts'

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
    if (agent.connector === 'echo') {
      agents[id] = { connector: 'echo' }
      continue
    }
    const { baseUrl, model, apiKey, systemPrompt, timeoutSeconds } = agent
    agents[id] = {
      connector: 'openai-chat',
      baseUrl: baseUrl.replace(/\/+$/, ''),
      model,
      apiKey: apiKey === undefined ? null : readSecret(apiKey, [...path, id, 'apiKey'], directory, problems),
      systemPrompt: systemPrompt ?? null,
      timeoutSeconds: timeoutSeconds ?? 120,
    }
  }
  return agents
}

function readSecret(
  raw: z.infer<typeof secretSchema>,
  path: readonly PathSegment[],
  directory: string,
  problems: Problems,
): SecretReference {
  if (typeof raw !== 'string') return 'file' in raw ? { file: resolve(directory, raw.file) } : raw
  const message = 'A secret stands here in clear; better { env: "NAME" } or { file: "path" }.'
  problems.notice('literal_secret', path, message)
  return { literal: raw }
}

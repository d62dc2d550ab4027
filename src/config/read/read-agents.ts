import { z } from 'zod'
import { isRecord } from '../../protocol/is-record.ts'
import type { AgentConfig } from '../model.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { readSecret } from '../secrets/read-secret.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { secretSchema } from '../settings/secret-schema.ts'
import type { PathContext } from './read-path.ts'
import { readValue } from './read-section.ts'

const EMBEDDED = { echo: { connector: 'echo' } }
/** The file is refused; the id counts nevertheless, so that the settings that name it are not reported too. */
const UNUSABLE: AgentConfig = { connector: '', settings: {} }

export interface AgentsInput extends PathContext {
  /** By id, as the file has them. */
  agents: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  path: readonly PathSegment[]
  connectors: ConnectorTable
}

/** The assistants by id, without a prototype; `echo` where none is declared. Each is read by the settings of its connector. */
export function readAgents(input: AgentsInput, problems: Problems): Record<string, AgentConfig> {
  const agents: Record<string, AgentConfig> = Object.create(null)
  for (const [id, raw] of Object.entries(input.agents ?? EMBEDDED)) {
    agents[id] = readAgent(raw, [...input.path, id], input, problems)
  }
  return agents
}

function readAgent(
  raw: Readonly<Record<string, unknown>>,
  path: readonly PathSegment[],
  { connectors, ...context }: AgentsInput,
  problems: Problems,
): AgentConfig {
  const { connector } = raw
  const declaration =
    typeof connector === 'string' && Object.hasOwn(connectors, connector) ? connectors[connector] : undefined
  if (typeof connector !== 'string' || declaration === undefined) {
    const message = `There is no such connector. The connectors of this version: ${Object.keys(connectors).join(', ')}.`
    problems.error('invalid_value', [...path, 'connector'], message)
    return UNUSABLE
  }
  const read = readValue(declaration.settings, raw, path, problems)
  if (!isRecord(read)) return UNUSABLE
  const { connector: _connector, name, ...settings } = read
  for (const key of Object.keys(settings)) {
    const secret = secretOf(declaration.settings.shape[key], settings[key])
    if (secret !== undefined) settings[key] = readSecret(secret, [...path, key], context, problems)
  }
  return { connector, ...(typeof name === 'string' ? { name } : {}), settings }
}

/** The value of a setting that is a secret; `undefined` for every other. */
function secretOf(schema: unknown, value: unknown): z.infer<typeof secretSchema> | undefined {
  const isSecret =
    schema === secretSchema || (schema instanceof z.ZodOptional && schema.unwrap() === secretSchema)
  return isSecret && value !== undefined ? secretSchema.parse(value) : undefined
}

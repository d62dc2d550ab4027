import { z } from 'zod'
import { isRecord } from '../../../protocol/is-record.ts'
import type { AgentConfig, SecretReference } from '../../model.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { readSecret } from '../../secrets/read-secret.ts'
import type { ConnectorTable } from '../../settings/connector-settings.ts'
import { secretSchema } from '../../settings/secret-schema.ts'
import type { PathContext } from '../read-path.ts'
import { readValue } from '../read-section.ts'

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
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue
    const schema = withoutOptional(declaration.settings.shape[key])
    const place = [...path, key]
    if (schema === secretSchema)
      settings[key] = readSecret(secretSchema.parse(value), place, context, problems)
    else if (isRecordOfSecrets(schema) && isRecord(value))
      settings[key] = readSecrets(value, place, context, problems)
  }
  return { connector, ...(typeof name === 'string' ? { name } : {}), settings }
}

/** Names of variables and headers whose values are worth the notice that a secret stands in the file. */
const SECRET_NAME = /key|token|secret|passw|auth|credential|cookie/i

/** Values that may be secrets, by their names: of an environment, or of headers. */
function readSecrets(
  values: Readonly<Record<string, unknown>>,
  path: readonly PathSegment[],
  context: PathContext,
  problems: Problems,
): Record<string, SecretReference> {
  const read: Record<string, SecretReference> = Object.create(null)
  for (const [name, value] of Object.entries(values)) {
    const raw = secretSchema.parse(value)
    const place = [...path, name]
    const isPlain =
      typeof raw === 'string' && !SECRET_NAME.test(name) && problems.expansions.at(place) === null
    read[name] = isPlain ? { literal: raw } : readSecret(raw, place, context, problems)
  }
  return read
}

function withoutOptional(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema
}

function isRecordOfSecrets(schema: unknown): boolean {
  return schema instanceof z.ZodRecord && schema.valueType === secretSchema
}

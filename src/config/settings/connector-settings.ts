import { z } from 'zod'
import { member, requiredMember } from './setting.ts'
import { nameText, positive, text } from './value-schemas.ts'

/** A way to reach an assistant, as far as the config is concerned. */
export interface ConnectorDeclaration {
  /** The keys of an agent with this connector; from `connectorSettings`. */
  settings: z.ZodObject
}

/** The connectors by name. Handed in by those who put the parts together: this room knows none of them. */
export type ConnectorTable = Readonly<Record<string, ConnectorDeclaration>>

/** How long an answer may take where an agent does not say, in seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 120

/** How many conversations an agent answers side by side where it does not say. */
export const DEFAULT_PARALLEL_TURNS = 8
const MAX_PARALLEL_TURNS = 32

/** What every agent has, whatever connects it. */
const shared = {
  timeoutSeconds: member(positive.max(3_600), {
    description: 'How long an answer may take.',
    default: DEFAULT_TIMEOUT_SECONDS,
    example: 60,
  }),
  parallelTurns: member(positive.max(MAX_PARALLEL_TURNS), {
    description:
      'How many conversations it answers side by side; further ones wait for a place. A model on a machine of your own may want 1 or 2.',
    default: DEFAULT_PARALLEL_TURNS,
    example: 2,
  }),
  name: member(nameText, { description: 'A name for people to see: `/agents` lists it.', example: 'Ada' }),
  models: member(z.array(text), {
    description:
      'Models that people may choose with `/model`, besides `model` and `favouriteModels`; `"*"` among them: any name, and `/models` lists those of the server.',
    default: [],
    example: ['llama3.2'],
  }),
  favouriteModels: member(z.array(text), {
    description: 'Models that are offered first, and that `/modelfavs` lists.',
    default: [],
    example: ['llama3.2'],
  }),
}

/** The keys of an agent with the connector `name`: its own beside those of every agent. */
export function connectorSettings<Own extends z.ZodRawShape>(name: string, description: string, own: Own) {
  return z.strictObject({
    connector: requiredMember(z.literal(name), { description, example: name }),
    ...own,
    ...shared,
  })
}

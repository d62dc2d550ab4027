import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import { agentHealthSchema } from '../account/assistant.ts'
import type { MethodDefinition } from './method.ts'

const agentSchema = z.object({
  agent: z.string().describe('Id of the agent.'),
  account: accountIdSchema.describe('The account that has it: agents of one id may differ between accounts.'),
  name: z.string().nullable().describe('What the config calls it.'),
  connector: z.string().describe('Its kind; `echo` is no assistant.'),
  isDefault: z.boolean().describe('Whether it answers where nobody chose another one.'),
  models: z
    .array(z.string())
    .describe(
      'The models that people may choose, its own one first; empty where there is nothing to choose.',
    ),
  health: agentHealthSchema.describe('How it is, as far as the questions since the start tell.'),
})

export const AGENTS_METHODS = {
  'agents.list': {
    params: z.strictObject({
      account: accountIdSchema.optional().describe('Only of this account; without it of every one.'),
    }),
    result: z.object({
      agents: z.array(agentSchema).describe('By account, in the order of the config.'),
    }),
    scope: 'read',
    since: '1',
    summary: 'The agents of the config, without their paths, URLs and secrets.',
  },
} as const satisfies Record<`agents.${string}`, MethodDefinition>

import { z } from 'zod'
import { accountIdSchema } from './account.ts'
import { configProblemSchema } from './events.ts'

/** The effective settings of one account, as a dashboard may read them: no secret, no path, no URL. */
export const accountConfigViewSchema = z.object({
  name: z.string().nullable().meta({ description: 'The name given in the config.' }),
  enabled: z.boolean().meta({ description: 'False while the account is paused.' }),
  transport: z.enum(['linked-device', 'cloud-api']),
  dmPolicy: z.enum(['allowlist', 'pairing', 'open', 'disabled']),
  allowFrom: z.array(z.string()).meta({ description: 'E.164 numbers in force; `"*"` stands for everybody.' }),
  sendReadReceipts: z.boolean(),
  typing: z.boolean(),
  defaultAgent: z.string(),
  agents: z
    .record(z.string(), z.object({ connector: z.string(), model: z.string().nullable() }))
    .meta({ description: 'The assistants by id.' }),
})

/** What `config.get` answers: the config in force and what is wrong with the file on disk now. */
export const configViewSchema = z.object({
  revision: z
    .string()
    .meta({ description: 'Opaque; differs for every content of the file. Send it back with an edit.' }),
  valid: z.boolean().meta({ description: 'False while the file on disk is not the config in force.' }),
  problems: z
    .array(configProblemSchema)
    .meta({ description: 'Problems of the file on disk; empty when it is valid.' }),
  notices: z.array(configProblemSchema).meta({ description: 'Worth saying, but no errors.' }),
  configWrites: z.boolean().meta({ description: 'Whether `config.*` edits are accepted.' }),
  path: z.string().nullable().meta({ description: 'The config file, where it is known.' }),
  defaultAccount: accountIdSchema,
  accounts: z
    .record(accountIdSchema, accountConfigViewSchema)
    .meta({ description: 'Settings by account id.' }),
})

export type AccountConfigView = z.infer<typeof accountConfigViewSchema>
export type ConfigView = z.infer<typeof configViewSchema>

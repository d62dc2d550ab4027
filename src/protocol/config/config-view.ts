import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import { configProblemSchema } from './config-problem.ts'
import { refusedTokenSchema } from '../tokens/refused-token.ts'
import { settingFieldSchema } from './setting-field.ts'
import { truncatedSchema } from '../truncated.ts'

/** The lists of an account that may be too long for one answer. */
export const CONFIG_LISTS = ['allowFrom', 'groupAllowFrom', 'groups', 'senders', 'agents'] as const

export type ListName = (typeof CONFIG_LISTS)[number]

const total = (what: string) =>
  z.number().int().nonnegative().optional().describe(`How many ${what} there are. Absent from older daemons.`)
const complete = (list: string) =>
  z
    .boolean()
    .optional()
    .describe(
      `False where \`${list}\` holds only the first of them, because all would not fit; \`config.listEntries\` has the rest. Absent from older daemons.`,
    )

/** What says of each list of an account whether it is shown as a whole. */
const listSizes = {
  allowFromTotal: total('entries of `allowFrom`'),
  allowFromComplete: complete('allowFrom'),
  groupAllowFromTotal: total('entries of `groupAllowFrom`'),
  groupAllowFromComplete: complete('groupAllowFrom'),
  groupsTotal: total('groups with rules'),
  groupsComplete: complete('groups'),
  sendersTotal: total('senders'),
  sendersComplete: complete('senders'),
  agentsTotal: total('agents'),
  agentsComplete: complete('agents'),
}

/** The effective settings of one account, as a dashboard may read them: no secret, no path, no URL. */
const accountConfigViewSchema = z.object({
  name: z.string().nullable().describe('The name given in the config.'),
  enabled: z.boolean().describe('False while the account is paused.'),
  transport: z.enum(['linked-device', 'cloud-api']).describe('How it reaches WhatsApp.'),
  dmPolicy: z
    .enum(['allowlist', 'pairing', 'observe', 'open', 'disabled'])
    .describe(
      'Who may talk to the assistant. With `pairing` strangers may ask for access; with `observe` what allowed people write is kept, and nobody is answered.',
    ),
  allowFrom: z
    .array(z.string())
    .describe(
      'The people in force: E.164 numbers, and `lid:<digits>` or `bsuid:<id>` for those whose number WhatsApp hides; `"*"` allows everybody.',
    ),
  groupPolicy: z
    .enum(['allowlist', 'observe', 'open', 'disabled'])
    .describe(
      'Who is answered in groups: senders on a list, everybody or nobody. With `observe` what those on the list write is kept, and nobody is answered.',
    ),
  groupAllowFrom: z
    .array(z.string())
    .nullable()
    .describe(
      'E.164 numbers, `lid:<digits>` and `bsuid:<id>` are senders, addresses such as `120363000000000000@g.us` groups. `null` where none is set: then `allowFrom` holds for senders. Where groups are named, here or in `groups`, no other one is read.',
    ),
  groups: z
    .record(
      z.string(),
      z.object({
        enabled: z
          .boolean()
          .optional()
          .describe(
            'False where nothing of the group is read. Without it `"*"` decides, and without that it is `true`.',
          ),
        allowFrom: z
          .array(z.string())
          .optional()
          .describe(
            'People, as in `allowFrom`, who may write there, instead of those for all groups; `["*"]` for everybody. Without it the list of `"*"`, and without that the one for all.',
          ),
        requireMention: z
          .boolean()
          .nullable()
          .describe(
            'Whether only what mentions the account is answered; where it is `null`, `"*"` decides, and without that it is `true`.',
          ),
        agent: z
          .string()
          .nullable()
          .describe('Who answers there; where it is `null`, `"*"` decides, and without that the sender.'),
      }),
    )
    .describe('Rules by address of the group; `"*"` for those that set nothing themselves.'),
  sendReadReceipts: z.boolean().describe('Whether allowed senders see that they were read.'),
  typing: z.boolean().describe('Whether they see that an answer is being written.'),
  defaultAgent: z.string().describe('Who answers.'),
  hasAssistant: z
    .boolean()
    .optional()
    .describe(
      'False where the default agent is `echo`, which sends people their own words back. Absent from older daemons.',
    ),
  agents: z
    .record(
      z.string(),
      z.object({
        connector: z.string().describe('Its kind.'),
        model: z.string().nullable().describe('The model, where the kind has one.'),
      }),
    )
    .describe('The assistants by id.'),
  stickyTtlMinutes: z
    .number()
    .optional()
    .describe(
      'How long a chosen agent stays with a conversation; 0 for not at all. Absent from older daemons.',
    ),
  ackEmoji: z
    .string()
    .optional()
    .describe('The reaction that says "seen"; empty for none. Absent from older daemons.'),
  senders: z
    .record(z.string(), z.object({ agent: z.string().nullable(), name: z.string().nullable() }))
    .optional()
    .describe(
      'Which agent answers which E.164 number, `lid:<digits>` or `bsuid:<id>`, and what they are called. Absent from older daemons.',
    ),
  values: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'What is in force for each of `fields`, by its path, joined with dots. Absent from older daemons.',
    ),
  ...listSizes,
})

/** Settings that are changed in the file and not yet in the process. */
export const needsRestartSchema = z
  .array(z.string())
  .describe(
    'Dotted paths of settings that were changed since the daemon started and take effect with its next start, at most the first 50. Absent where there are none, and from older daemons.',
  )

/** What `config.get` answers: the config in force and what is wrong with the file on disk now. */
export const configViewSchema = z.object({
  revision: z.string().describe('Opaque; differs for every content of the file. Send it back with an edit.'),
  valid: z.boolean().describe('False while the file on disk is not the config in force.'),
  problems: z
    .array(configProblemSchema)
    .describe('Problems of the file on disk, at most the first 25; empty when it is valid.'),
  problemsTotal: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('How many there are, counted up to 1,000.'),
  notices: z.array(configProblemSchema).describe('Problems that are no errors; at most the first 25.'),
  noticesTotal: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('How many there are, counted up to 1,000.'),
  entryProblems: z
    .array(configProblemSchema)
    .optional()
    .describe(
      'Entries of lists that allow people which cannot be used: they are ignored, and everything else of the file is in force. The first 100; absent where every entry is used.',
    ),
  entryProblemsTotal: z.number().int().positive().optional().describe('How many such entries there are.'),
  needsRestart: needsRestartSchema.optional(),
  refusedTokens: z
    .array(refusedTokenSchema)
    .optional()
    .describe(
      'Why tokens were refused since the keys and settings of now are in force, one entry for each reason, the latest first. Absent where none was, and from older daemons.',
    ),
  configWrites: z.boolean().describe('Whether `config.*` edits are accepted.'),
  editable: z
    .array(z.string())
    .describe('Keys of an account that a dashboard may edit and that have an effect in this version.'),
  fields: z
    .array(settingFieldSchema)
    .optional()
    .describe('Settings that a field is enough for, and how to draw it. Absent from older daemons.'),
  path: z.string().nullable().describe('The config file, where it is known.'),
  section: z
    .string()
    .optional()
    .describe(
      'Dotted path of the settings of the channel in the file, for advice: `channels.whatsapp` or `connectors.whatsapp`. Absent from older daemons.',
    ),
  tool: z
    .enum(['openclaw', 'milady', 'elizaos'])
    .optional()
    .describe(
      'Whose file it is, where that is known: keys whose meaning differs between tools have the one of this tool, and `notices` say which. Absent for our own, and from older daemons.',
    ),
  defaultAccount: accountIdSchema.describe('The account that is meant where none is named.'),
  accounts: z
    .record(accountIdSchema, accountConfigViewSchema)
    .describe('Settings by account id; at most the first 50, and the default account.'),
  accountsTotal: z.number().int().nonnegative().optional().describe('How many accounts the config names.'),
  truncated: truncatedSchema.optional(),
})

export type AccountConfigView = z.infer<typeof accountConfigViewSchema>
export type ConfigView = z.infer<typeof configViewSchema>

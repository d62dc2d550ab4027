import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import { CONFIG_LISTS, configViewSchema } from '../config/config-view.ts'
import { truncatedSchema } from '../truncated.ts'
import type { MethodDefinition } from './method.ts'
import { account, revision } from './parameters.ts'

const segment = z.string().min(1).max(200)
const entries = z.array(z.string().min(1).max(100)).min(1).max(1_000)
const KINDS = ['unset', 'add', 'remove'] as const

/** One setting of `config.update`. */
const configChangeSchema = z
  .strictObject({
    account: accountIdSchema
      .optional()
      .describe(
        'The account that it is set for; without it the root, which holds for every account that sets nothing itself.',
      ),
    path: z
      .union([segment, z.array(segment).min(1).max(8)])
      .describe(
        'The key, such as `ackReaction.emoji`; as a list of names where one of them has a dot: `["senders", "+15555550101", "agent"]`.',
      ),
    value: z.unknown().optional().describe('The value, as it is written in the file.'),
    unset: z.literal(true).optional().describe('Instead of `value`: takes the key out of the file.'),
    add: entries
      .optional()
      .describe(
        'Instead of `value`, for `allowFrom` and `groupAllowFrom`: entries that the list gets; the others stay. An account without a list of its own gets one that begins with what holds for it.',
      ),
    remove: entries.optional().describe('The same for entries that the list loses.'),
  })
  .refine(
    (change) =>
      KINDS.filter((kind) => kind in change && change[kind] !== undefined).length +
        Number('value' in change) ===
      1,
    {
      message: 'exactly one of "value", "unset", "add" and "remove" must be given',
    },
  )

const confirmationsSchema = z
  .array(z.enum(['everybody', 'nobody', 'wholeList']))
  .max(3)
  .optional()
  .describe(
    'What a person has confirmed: that `everybody` may talk to the assistant from now on, or `nobody`, or that a list that is too long for one answer is replaced as a whole (`wholeList`). Without it such an edit is refused with `confirmation_required`.',
  )

const phoneNumbers = z
  .array(z.string().min(1).max(64))
  .max(1_000)
  .describe('Phone numbers in any usual notation.')
const allowFromEdit = z.strictObject({ account, allowFrom: phoneNumbers.min(1), revision })
const allowFromResult = z.object({
  revision: z.string().describe('The revision after the edit.'),
  allowFrom: z
    .array(z.string())
    .describe('The list in force after the edit, E.164; as much of it as `config.get` shows.'),
  allowFromTotal: z.number().int().nonnegative().optional().describe('How many entries the list has.'),
  allowFromComplete: z.boolean().optional().describe('False where `allowFrom` holds only the first of them.'),
  truncated: truncatedSchema.optional(),
})

export const CONFIG_METHODS = {
  'config.get': {
    params: z.strictObject({}),
    result: configViewSchema,
    scope: 'read',
    since: '1',
    summary: 'The config in force, its revision, and the problems of the file on disk.',
  },
  'config.listEntries': {
    params: z.strictObject({
      account,
      list: z.enum(CONFIG_LISTS).describe('Which list of the account.'),
      offset: z.number().int().nonnegative().default(0).describe('How many entries to skip.'),
      limit: z.number().int().min(1).max(500).default(500).describe('How many at most.'),
      filter: z
        .string()
        .max(100)
        .optional()
        .describe(
          'Only entries that this is a part of, or of whose name in `senders` it is; upper and lower case are the same, and so is a number with spaces, dots, dashes or brackets in it. `offset` and `total` count these. Older daemons refuse it.',
        ),
    }),
    result: z.object({
      revision: z
        .string()
        .describe('The revision that this page is of; with another one than before, begin again.'),
      entries: z
        .array(z.string())
        .describe('The entries in their order; of groups, senders and agents the keys.'),
      values: z
        .record(z.string(), z.record(z.string(), z.unknown()))
        .describe('What is set for each of these keys, as in the config view; empty for lists of numbers.'),
      names: z
        .record(z.string(), z.string())
        .optional()
        .describe(
          'Of lists of numbers: what `senders` calls those of this page that have a name. Absent from older daemons.',
        ),
      total: z.number().int().nonnegative().describe('How many entries the list has.'),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'read',
    since: '1',
    summary: 'One page of a list of the config in force, for lists that are too long for one answer.',
  },
  'config.addAllowFrom': {
    params: allowFromEdit,
    result: allowFromResult,
    scope: 'config',
    since: '1',
    summary:
      'Allows these numbers to talk to the assistant. Edits the config file in place. One that is listed and belongs to another WhatsApp account by now (`person_changed`) is allowed again.',
  },
  'config.removeAllowFrom': {
    params: allowFromEdit,
    result: allowFromResult,
    scope: 'config',
    since: '1',
    summary: 'Removes these numbers from the list. Edits the config file in place.',
  },
  'config.setAllowFrom': {
    params: z.strictObject({
      account,
      allowFrom: phoneNumbers,
      revision,
      confirm: z
        .array(z.enum(['wholeList']))
        .max(1)
        .optional()
        .describe(
          'What a person has confirmed: that the `wholeList` is replaced. Needed where the list is too long for one answer (`allowFromComplete: false`), so that the caller cannot have read it; `confirmation_required` without it.',
        ),
    }),
    result: allowFromResult,
    scope: 'config',
    since: '1',
    summary: 'Replaces the list; with an empty one nobody is allowed. Edits the config file in place.',
  },
  'config.update': {
    params: z.strictObject({
      changes: z
        .array(configChangeSchema)
        .min(1)
        .max(100)
        .describe('One after the other; all of them or none.'),
      revision,
      confirm: confirmationsSchema,
    }),
    result: z.object({
      revision: z.string().describe('The revision after the edit.'),
      changed: z
        .array(z.string())
        .describe('Dotted paths whose effective value changed, as in `config.applied`.'),
      changedTotal: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe('How many there are; `changed` holds at most the first 200.'),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'config',
    since: '1',
    summary:
      'Sets or removes settings that a dashboard may edit; any other key is `config_key_refused`. Edits the config file in place.',
  },
} as const satisfies Record<`config.${string}`, MethodDefinition>

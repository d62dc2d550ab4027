import { z } from 'zod'
import { configProblemSchema } from '../config/config-problem.ts'
import { needsRestartSchema } from '../config/config-view.ts'
import { truncatedSchema } from '../truncated.ts'
import type { EventDefinition } from './event.ts'

export const CONFIG_EVENTS = {
  'config.applied': {
    payload: z.object({
      revision: z.string().describe('Opaque; changes with every content of the file.'),
      changed: z
        .array(z.string())
        .describe('Dotted paths whose effective value changed, at most the first 200.'),
      changedTotal: z.number().int().nonnegative().optional().describe('How many there are.'),
      truncated: truncatedSchema.optional(),
      entryProblems: z
        .number()
        .int()
        .positive()
        .optional()
        .describe(
          'How many entries of lists that allow people cannot be used and are ignored; `config.get` names them. Absent where every entry is used.',
        ),
      needsRestart: needsRestartSchema.optional(),
    }),
    scope: 'read',
    stored: true,
    summary: 'A save of the config file is in force.',
    since: '1',
  },
  'config.rejected': {
    payload: configProblemSchema,
    scope: 'read',
    stored: true,
    summary: 'The config file on disk is invalid; the last valid one stays in force.',
    since: '1',
  },
} as const satisfies Record<`config.${string}`, EventDefinition>

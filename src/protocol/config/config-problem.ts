import { z } from 'zod'

/** What is wrong with the config file, and where. */
export const configProblemSchema = z.object({
  code: z
    .string()
    .describe('A stable code, such as `too_short`, `syntax`, `duplicate_key`, `unknown_key`, `unreadable`.'),
  path: z
    .string()
    .describe(
      'Dotted path in the config file, such as `channels.whatsapp.allowFrom[1]`; empty for the file as a whole.',
    ),
  line: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe('1-based; `null` where there is no place in the file.'),
  column: z.number().int().positive().nullable().describe('1-based, like `line`.'),
  file: z
    .string()
    .optional()
    .describe(
      'The included file that `line` and `column` count in, relative to the directory of the config file; absent for the config file itself.',
    ),
  message: z.string().describe('One sentence for a person.'),
})

export type ConfigProblem = z.infer<typeof configProblemSchema>

import { z } from 'zod'

/** How a dashboard draws a field for one setting of an account, as the daemon declares it. */
export const settingFieldSchema = z.object({
  path: z.array(z.string()).describe('The key below the account, as `config.update` takes it.'),
  kind: z
    .string()
    .describe(
      '`switch` for true or false, `number`, `text`, `agent` (an id of `agents`) or `choice` (one of `options`). A later daemon may know others: leave such a field out.',
    ),
  label: z.string().describe('Its label.'),
  hint: z.string().optional().describe('What it does, in a sentence.'),
  minimum: z.number().optional().describe('The smallest number.'),
  maximum: z.number().optional().describe('The largest number.'),
  maximumLength: z.number().int().positive().optional().describe('The longest text, in UTF-16 units.'),
  options: z.array(z.string()).optional().describe('What can be chosen.'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('What an option is called, where the option itself does not say it.'),
  needs: z
    .string()
    .optional()
    .describe(
      'A capability: leave the field out for accounts whose `capabilities` have `false` here, as it does nothing there.',
    ),
})

export type SettingField = z.infer<typeof settingFieldSchema>

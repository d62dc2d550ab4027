import { z } from 'zod'

const findingSchema = z.object({
  check: z.string().describe('Id of the check, such as `agent.program`.'),
  level: z
    .enum(['ok', 'warning', 'problem'])
    .describe('`problem`: something does not work until it is corrected. `warning`: worth a look.'),
  subject: z.string().nullable().describe('What it is about where there are several: an account, an agent.'),
  message: z.string().describe('What was found, a sentence for a person.'),
  action: z.string().nullable().describe('What to do about it; null where there is nothing to do.'),
})

/** What `whatsappd doctor --json` prints. It only grows. */
export const doctorReportSchema = z.object({
  version: z.string().describe('Of the program that looked.'),
  configPath: z.string(),
  stateDirectory: z.string(),
  daemon: z.enum(['running', 'not_running', 'unknown']),
  ok: z.boolean().describe('Whether there is no problem.'),
  findings: z.array(findingSchema),
})

export type DoctorReport = z.infer<typeof doctorReportSchema>
export type DoctorFinding = z.infer<typeof findingSchema>

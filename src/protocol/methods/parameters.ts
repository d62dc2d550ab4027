import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'

/** Parameters that many methods have. */
export const account = accountIdSchema.optional().describe('The account; without it the default account.')

export const revision = z
  .string()
  .max(256)
  .optional()
  .describe('The revision the edit is based on; `config_conflict` when the file has another.')

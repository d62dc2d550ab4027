import { z } from 'zod'
import { printableSchema } from '../../protocol/text/printable-schema.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'

export const text = z.string()
/** What people see of an account, an agent, a sender. */
export const nameText = printableSchema.max(TEXT_LIMITS.name)
export const flag = z.boolean()
export const count = z.number().int().nonnegative()
export const positive = z.number().int().positive()
/** In any notation; `access/` decides whether it is one. */
export const phoneNumber = z.union([z.string(), z.number()], {
  error: 'Must be a phone number, as a text or as digits',
})

import { z } from 'zod'

export const text = z.string()
export const flag = z.boolean()
export const count = z.number().int().nonnegative()
export const positive = z.number().int().positive()
/** In any notation; `access/` decides whether it is one. */
export const phoneNumber = z.union([z.string(), z.number()], {
  error: 'Must be a phone number, as a text or as digits',
})

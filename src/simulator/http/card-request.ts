import { z } from 'zod'

const card = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['location', 'live-location']),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().max(300).optional(),
    address: z.string().max(300).optional(),
  }),
  z.strictObject({
    kind: z.literal('contacts'),
    people: z
      .array(z.strictObject({ name: z.string().max(100), phoneNumbers: z.array(z.string().max(20)).max(20) }))
      .min(1)
      .max(50),
  }),
  z.strictObject({
    kind: z.literal('poll'),
    question: z.string().min(1).max(255),
    options: z.array(z.string().min(1).max(100)).min(2).max(12),
    choices: z.number().int().min(0).max(12).default(0),
  }),
])
/** A place, contacts or a poll, and where it goes. */
export const cardTo = z.object({ to: z.string(), card })

import { z } from 'zod'
import { isPrintable } from './printable.ts'

/**
 * A text that is printed and shown: one line, and nothing in it that changes how it reads. Apart from `printable.ts`, which the
 * command line loads at every start, without zod.
 */
export const printableSchema = z.string().refine(isPrintable, {
  error:
    'Must be one line of characters that can be seen: no control characters, and none that turn the direction of writing',
})

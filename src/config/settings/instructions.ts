import type { z } from 'zod'
import { member } from './setting.ts'
import { text } from './value-schemas.ts'

/** A page or two of text. */
const MAX_LENGTH = 8_000

/**
 * Declares the operator's own words to an agent. No dashboard may edit them: whoever could would tell the assistant, which may have
 * tools, what to do in the operator's name.
 */
export function instructions(description: string): z.ZodOptional<z.ZodString> {
  return member(text.max(MAX_LENGTH), { description, example: 'Answer in Spanish.', remote: false })
}

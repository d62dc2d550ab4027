import { z } from 'zod'
import { TEXT_LIMITS } from '../text/text-limits.ts'

/** In every event of a conversation. */
export const conversationNameSchema = z
  .string()
  .max(TEXT_LIMITS.name)
  .optional()
  .describe(
    "What the group is called, by its members' word: one printable line. Absent where that is not known, and in every other conversation.",
  )

import { z } from 'zod'
import type { FileDescription } from '../../../messaging/content.ts'

const fileSchema = z.object({
  kind: z.enum(['image', 'audio', 'video', 'document', 'other']),
  what: z.string(),
  name: z.string().nullable(),
  mimeType: z.string().nullable(),
  size: z.number().nullable(),
  isViewOnce: z.literal(true).optional(),
})

/** The files of an inbox row (`inbox.files`); none where another program made something else of it. */
export function storedFiles(json: string | null): FileDescription[] {
  if (json === null) return []
  try {
    return fileSchema.array().parse(JSON.parse(json))
  } catch {
    return []
  }
}

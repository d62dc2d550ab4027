import { resolve } from 'node:path'
import type { z } from 'zod'
import type { SecretReference } from '../model.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import type { secretSchema } from '../settings/secret-schema.ts'

/** A secret as the file writes it, as a reference; one in clear is worth a notice. `directory` is where paths start. */
export function readSecret(
  raw: z.infer<typeof secretSchema>,
  path: readonly PathSegment[],
  directory: string,
  problems: Problems,
): SecretReference {
  if (typeof raw !== 'string') return 'file' in raw ? { file: resolve(directory, raw.file) } : raw
  const message = 'A secret is written here in clear text; better { env: "NAME" } or { file: "path" }.'
  problems.notice('literal_secret', path, message)
  return { literal: raw }
}

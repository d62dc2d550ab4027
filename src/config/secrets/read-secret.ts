import type { z } from 'zod'
import type { SecretReference } from '../model.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import { type PathContext, readPath } from '../read/read-path.ts'
import type { secretSchema } from '../settings/secret-schema.ts'

/**
 * A secret as the file writes it, as a reference; one in clear is worth a notice. A text that is nothing but `${NAME}` is the same as
 * `{ env: "NAME" }`: the secret is read when it is used, and is no part of the config.
 */
export function readSecret(
  raw: z.infer<typeof secretSchema>,
  path: readonly PathSegment[],
  context: PathContext,
  problems: Problems,
): SecretReference {
  if (typeof raw !== 'string')
    return 'file' in raw ? readFileReference(raw.file, [...path, 'file'], context, problems) : raw
  const expansion = problems.expansions.at(path)
  if (expansion !== null) return expansion.variable === null ? { literal: raw } : { env: expansion.variable }
  const message = 'A secret is written here in clear text; better { env: "NAME" } or { file: "path" }.'
  problems.notice('literal_secret', path, message)
  return { literal: raw }
}

/** A file that holds a secret or a key. */
export function readFileReference(
  raw: string,
  path: readonly PathSegment[],
  context: PathContext,
  problems: Problems,
): SecretReference {
  const file = readPath(raw, path, context, problems)
  const expansion = problems.expansions.at(path)
  return expansion === null ? { file } : { file, written: expansion.written }
}

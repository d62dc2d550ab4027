import { z } from 'zod'

/** A secret by reference, so that the file can be shared; a literal one works with a warning. */
export const secretSchema = z.union(
  [
    z.string().min(1),
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  { error: 'Must be { env: "NAME" }, { file: "path" } or the secret itself as a text' },
)

/** Whether values of this schema are secrets or keys, which can be given by reference. Also for a copy of the schema above. */
export function isSecretSchema(schema: unknown): boolean {
  return (
    schema instanceof z.ZodUnion &&
    schema.options.some((option) => option instanceof z.ZodObject && Object.hasOwn(option.shape, 'env'))
  )
}

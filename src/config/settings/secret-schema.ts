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

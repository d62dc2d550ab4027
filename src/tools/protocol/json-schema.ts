import { z } from 'zod'

/** A JSON Schema (draft 7) as a plain JSON value. */
export type JsonSchema = Record<string, unknown>

/**
 * `schema` for documents. `input` is what a caller sends (defaults may be left out), `output` what the daemon sends,
 * which may gain keys within a version.
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // zod closes what it gives out; a client that did, too, would break with the next version.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return rest
}

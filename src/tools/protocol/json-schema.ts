import { z } from 'zod'

/** A JSON Schema (draft 7) as a plain JSON value. */
export type JsonSchema = Record<string, unknown>

/**
 * `schema` for documents. `input` is what a caller sends (defaults may be left out), `output` what the daemon sends,
 * which may gain keys within a version. Throws where the description would not say the same as the schema.
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema, zodSchema }) => {
      refuseFlags(zodSchema)
      // zod closes what it gives out; a client that did, too, would break with the next version.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return rest
}

/** A pattern of JSON Schema has no flags: one that ignores case would be published as another one than the daemon's. */
function refuseFlags({ _zod: { def } }: z.core.$ZodType): void {
  const checks = def.checks?.map(({ _zod: { def: check } }) => check) ?? []
  for (const pattern of [def, ...checks].map(patternOf)) {
    if (pattern !== null && !/^u?$/.test(pattern.flags))
      throw new Error(`the flags of ${String(pattern)} are lost in the description`)
  }
}

function patternOf(definition: object): RegExp | null {
  const pattern: unknown = Reflect.get(definition, 'pattern')
  return pattern instanceof RegExp ? pattern : null
}

import { z } from 'zod'

/** The schema of what stands at `path` inside a value of this schema; `undefined` where nothing is declared. */
export function schemaAt(schema: unknown, path: readonly PropertyKey[]): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return schemaAt(schema.unwrap(), path)
  const [key, ...rest] = path
  if (key === undefined || schema instanceof z.ZodUnknown) return schema
  if (schema instanceof z.ZodUnion) {
    const found = schema.options.map((option) => schemaAt(option, path))
    return found.find((option) => option !== undefined)
  }
  if (schema instanceof z.ZodObject)
    return typeof key === 'string' && Object.hasOwn(schema.shape, key)
      ? schemaAt(schema.shape[key], rest)
      : undefined
  if (schema instanceof z.ZodRecord) return schemaAt(schema.valueType, rest)
  return schema instanceof z.ZodArray ? schemaAt(schema.element, rest) : undefined
}

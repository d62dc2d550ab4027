import { z } from 'zod'

/** The keys that an object at `path` inside a value of this schema may have; none where there is no object. */
export function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return knownKeys(schema.unwrap(), path)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownKeys(option, path))
  const [key, ...rest] = path
  if (schema instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(schema.shape)
    return typeof key === 'string' && Object.hasOwn(schema.shape, key)
      ? knownKeys(schema.shape[key], rest)
      : []
  }
  if (key === undefined) return []
  if (schema instanceof z.ZodRecord) return knownKeys(schema.valueType, rest)
  if (schema instanceof z.ZodArray) return knownKeys(schema.element, rest)
  return []
}

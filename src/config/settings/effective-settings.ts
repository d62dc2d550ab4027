import { z } from 'zod'
import { isRecord } from '../../protocol/is-record.ts'
import { memberMeta, metaOf, type Setting } from './setting.ts'

/** A value in force: of an object with members, each of them is there. */
type Complete<Value> = Value extends readonly unknown[] | string | number | boolean | null
  ? Value
  : { readonly [Key in keyof Value]-?: Exclude<Value[Key], undefined> }

/** What is in force for each of these settings. */
export type EffectiveSettings<Settings> = {
  readonly [Key in keyof Settings]: Settings[Key] extends Setting<infer Schema, infer Fallback>
    ? Complete<z.infer<Schema>> | Fallback
    : never
}

type Values = Readonly<Record<string, unknown>>

/**
 * What is in force for each of these settings: the first of `layers` that has a value, else the default. Of a setting that is an object
 * of several values, each value for itself. The layers hold what the schemas have read.
 */
export function effectiveSettings<Settings extends Readonly<Record<string, z.ZodType>>>(
  settings: Settings,
  layers: readonly Values[],
): EffectiveSettings<Settings> {
  const effective = Object.entries(settings).map(([key, schema]) => [
    key,
    effectiveValue(key, schema, layers),
  ])
  // Each value was read by the schema of its key, or is the default that was declared for it.
  return Object.fromEntries(effective) as EffectiveSettings<Settings>
}

function effectiveValue(key: string, schema: z.ZodType, layers: readonly Values[]): unknown {
  const values = layers.map((layer) => layer[key])
  const shape = shapeOf(schema)
  if (shape === null) {
    const meta = metaOf(key, schema)
    return values.find((value) => value !== undefined) ?? ('default' in meta ? meta.default : meta.fallback)
  }
  const objects = values.filter(isRecord)
  return Object.fromEntries(
    Object.entries(shape).map(([name, inner]) => [
      name,
      objects.map((each) => each[name]).find((value) => value !== undefined) ?? memberMeta(inner)?.default,
    ]),
  )
}

/** The members of a setting that is an object; `null` for another. */
function shapeOf(schema: unknown): Readonly<Record<string, z.ZodType>> | null {
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap())
  return schema instanceof z.ZodObject ? schema.shape : null
}

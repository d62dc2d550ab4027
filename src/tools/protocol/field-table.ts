import { z } from 'zod'

/** The part of JSON Schema that our schemas turn into. */
interface JsonSchema {
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  format?: string
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  required?: string[]
}

/** Larger ones have a table elsewhere, which the description names. */
const LARGEST_SHOWN_ENUM = 8

interface Row {
  field: string
  type: string
  required: boolean
  description: string
}

/**
 * A Markdown table of an object schema's fields, nested ones by dotted path. `named` maps schemas that have a table of
 * their own to their title. A union gets one table for each member, headed by its discriminating constant.
 */
export function fieldTable(
  schema: z.ZodType,
  io: 'input' | 'output',
  named: ReadonlyMap<string, string>,
): string {
  // The result follows JSON Schema; zod types it more loosely than we read it.
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as JsonSchema
  const members = json.oneOf ?? json.anyOf
  const heading = io === 'input' ? 'required' : 'always'
  const tables = (members ?? [json]).map((member) => table(rowsOf(member, '', named), heading))
  return tables.join('\n\n')
}

function table(rows: Row[], heading: string): string {
  if (rows.length === 0) return '*(none)*'
  const lines = rows.map(
    ({ field, type, required, description }) =>
      `| \`${field}\` | ${type} | ${required ? 'yes' : 'no'} | ${description} |`,
  )
  return [`| field | type | ${heading} | meaning |`, '|---|---|---|---|', ...lines].join('\n')
}

function rowsOf(schema: JsonSchema, prefix: string, named: ReadonlyMap<string, string>): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const field = `${prefix}${key}`
    const row = {
      field,
      type: typeOf(property, named),
      required: (schema.required ?? []).includes(key) && property.default === undefined,
      description: descriptionOf(property),
    }
    const nested = nestedObject(property)
    if (titleOf(nested, named) !== undefined) return [row]
    return [row, ...rowsOf(nested, nestedPrefix(field, property), named)]
  })
}

function descriptionOf({ description = '', default: fallback }: JsonSchema): string {
  const text = description.replaceAll('|', '\\|')
  return fallback === undefined ? text : `${text} Default: \`${JSON.stringify(fallback)}\`.`.trim()
}

function typeOf(schema: JsonSchema, named: ReadonlyMap<string, string>): string {
  const title = titleOf(schema, named)
  if (title !== undefined) return title
  const members = schema.anyOf ?? schema.oneOf
  if (members !== undefined) return members.map((member) => typeOf(member, named)).join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined && schema.enum.length > LARGEST_SHOWN_ENUM) return 'string'
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ')
  if (schema.type === 'array')
    return `array of ${schema.items === undefined ? 'anything' : typeOf(schema.items, named)}`
  if (schema.format === 'date-time') return 'time'
  const types = [schema.type ?? 'anything'].flat()
  return types.map((type) => (type === 'null' ? '`null`' : type)).join(' or ')
}

/** Schemas are recognised by their fields, because JSON Schema keeps no names of ours. */
function titleOf(schema: JsonSchema, named: ReadonlyMap<string, string>): string | undefined {
  return schema.properties === undefined ? undefined : named.get(fieldsKey(Object.keys(schema.properties)))
}

function nestedObject(schema: JsonSchema): JsonSchema {
  if (schema.properties !== undefined) return schema
  if (schema.items !== undefined) return nestedObject(schema.items)
  if (typeof schema.additionalProperties === 'object') return nestedObject(schema.additionalProperties)
  const member = (schema.anyOf ?? []).find(({ type }) => type === 'object' || type === 'array')
  return member === undefined ? {} : nestedObject(member)
}

function nestedPrefix(field: string, schema: JsonSchema): string {
  if (schema.type === 'array') return `${field}[].`
  return typeof schema.additionalProperties === 'object' ? `${field}.<id>.` : `${field}.`
}

/** The key of `named` for a schema with these fields. */
export function fieldsKey(fields: readonly string[]): string {
  return fields.toSorted().join(' ')
}

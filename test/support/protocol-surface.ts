import { renderAsyncApi } from '../../src/tools/protocol/render-asyncapi.ts'
import { renderOpenRpc } from '../../src/tools/protocol/render-openrpc.ts'

/** As much of JSON Schema as the descriptions use. */
interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
}

interface Description {
  components: { schemas: Record<string, Schema> }
}

interface OpenRpc extends Description {
  methods: {
    name: string
    params: { name: string; required: boolean; schema: Schema }[]
    result: { schema: Schema }
    'x-scope': string | null
  }[]
  components: Description['components'] & { errors: Record<string, { code: number }> }
}

interface AsyncApi extends Description {
  components: Description['components'] & {
    messages: Record<string, { payload: Schema; 'x-scope'?: string | null }>
  }
}

/**
 * What a program can rely on, a line each: `method NAME scope`, `parameter METHOD PATH` with its kinds and whether it must be there, `value` for
 * each word that it may have, `result` and `event` with whether it is always there, `error NAME number`. Sorted.
 */
export function protocolSurface(): string[] {
  // Both are written by our own generators.
  const rpc = JSON.parse(renderOpenRpc()) as OpenRpc
  const events = JSON.parse(renderAsyncApi()) as AsyncApi
  const lines = new Set<string>()
  for (const { name, params, result, 'x-scope': scope } of rpc.methods) {
    lines.add(`method ${name} ${scope ?? 'none'}`)
    const schema: Schema = {
      properties: Object.fromEntries(params.map((param) => [param.name, param.schema])),
      required: params.filter(({ required }) => required).map((param) => param.name),
    }
    describe(lines, rpc, `parameter ${name}`, schema, ['must', 'may'])
    describe(lines, rpc, `result ${name}`, result.schema, ['always', 'sometimes'])
  }
  for (const [name, { payload, 'x-scope': scope }] of Object.entries(events.components.messages)) {
    lines.add(`event ${name} ${scope ?? 'none'}`)
    describe(lines, events, `payload ${name}`, payload.properties?.['params'] ?? {}, ['always', 'sometimes'])
  }
  for (const [name, { code }] of Object.entries(rpc.components.errors)) lines.add(`error ${name} ${code}`)
  return [...lines].toSorted()
}

/** What was there and is gone or has another meaning: of `before`, the lines that `now` does not keep. */
export function brokenPromises(before: readonly string[], now: readonly string[]): string[] {
  const present = new Set(now)
  const known = new Set(before)
  const gone = before.filter((line) => !present.has(line) && !present.has(softer(line)) && !isOnlyTold(line))
  const demanded = now.filter(
    (line) => line.endsWith(' must') && !known.has(line) && isOfKnownPlace(line, known),
  )
  return [...gone, ...demanded.map((line) => `${line} (new)`)]
}

/** What replaces it without harm: a parameter that need not be there any more, a field that is now always there. */
function softer(line: string): string {
  return line
    .replace(/^(parameter .*) must$/, '$1 may')
    .replace(/^((?:result|payload) .*) sometimes$/, '$1 always')
}

/** A word that an answer or an event can have may disappear; what a program may say may not. */
function isOnlyTold(line: string): boolean {
  return /^(?:result|payload) .* value /.test(line)
}

/** A field of a new method, or inside of a new object, may be demanded. */
function isOfKnownPlace(line: string, known: ReadonlySet<string>): boolean {
  const [, method = '', path = ''] = line.split(' ')
  const parent = path.replace(/\.?[^.]+$/, '')
  const has = (place: string): boolean => known.has(`${place} must`) || known.has(`${place} may`)
  if (parent === '') return [...known].some((each) => each.startsWith(`method ${method} `))
  return has(`parameter ${method} ${parent}`)
}

function describe(
  lines: Set<string>,
  document: Description,
  place: string,
  schema: Schema,
  [needed, possible]: readonly [string, string],
  path = '',
  inside: readonly string[] = [],
): void {
  const { $ref } = schema
  if ($ref !== undefined) {
    // A shape may hold itself.
    if (inside.includes($ref)) return
    const shared = document.components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)]
    if (shared === undefined) throw new Error(`${place} refers to ${$ref}, which is not there`)
    describe(lines, document, place, shared, [needed, possible], path, [...inside, $ref])
    return
  }
  const at = (further: string): string => (path === '' ? further : `${path}.${further}`)
  const into = (part: Schema, further: string, words = [needed, possible] as const): void =>
    describe(lines, document, place, part, words, further, inside)
  for (const value of [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])])
    if (path !== '') lines.add(`${place} ${path} value ${JSON.stringify(value)}`)
  for (const part of schema.allOf ?? []) into(part, path)
  // Of several shapes no field is there in all of them.
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
    into(part, path, [possible, possible])
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const isNeeded = schema.required?.includes(name) === true
    lines.add(`${place} ${at(name)} ${isNeeded ? needed : possible}`)
    into(part, at(name))
  }
  if (schema.items !== undefined) into(schema.items, `${path}[]`)
  if (typeof schema.additionalProperties === 'object') into(schema.additionalProperties, at('*'))
}

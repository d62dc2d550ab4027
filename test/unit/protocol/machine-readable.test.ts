import { readFileSync } from 'node:fs'
import asyncApiSpecs from '@asyncapi/specs'
import * as openRpc from '@open-rpc/meta-schema'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ACCOUNT_ID } from '../../../src/config/settings/channel-settings.ts'
import { accountIdSchema } from '../../../src/protocol/account/account.ts'
import { EVENTS, EVENT_NAMES } from '../../../src/protocol/events.ts'
import { jsonSchemaOf } from '../../../src/tools/protocol/json-schema.ts'
import { renderAsyncApi } from '../../../src/tools/protocol/render-asyncapi.ts'
import { renderOpenApi } from '../../../src/tools/protocol/render-openapi.ts'
import { renderOpenRpc } from '../../../src/tools/protocol/render-openrpc.ts'
import { METHODS, METHOD_NAMES } from '../../../src/protocol/methods.ts'

const committed = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

type Schema = Record<string, unknown>

/** The specification's own schema; its types describe a document, not what the package exports. */
const { openrpcDocument } = z.object({ openrpcDocument: z.record(z.string(), z.unknown()) }).parse(openRpc)

/** In characters of JSON. */
const LARGE_SCHEMA = 1_500

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#'

/** What `schema` finds wrong with `document`; empty when it is valid. */
function faultsOf(schema: Schema, document: unknown): string[] {
  // OpenRPC refers to a dialect of its own that is draft 7 under another name.
  const text = JSON.stringify({ ...schema, $schema: DRAFT_7 })
    .replaceAll(/"https:\/\/meta\.json-schema\.tools\/#[^"]*\$ref"/g, `"${DRAFT_7}/properties/$id"`)
    .replaceAll(/"https:\/\/meta\.json-schema\.tools\/?"/g, `"${DRAFT_7}"`)
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.validate(z.record(z.string(), z.unknown()).parse(JSON.parse(text)), document)
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

describe('the machine-readable description', () => {
  it('is in step with the tables', () => {
    expect(committed('openrpc.json'), 'run "npm run docs"').toBe(renderOpenRpc())
    expect(committed('asyncapi.json'), 'run "npm run docs"').toBe(renderAsyncApi())
  })

  it('is valid OpenRPC and has every method', () => {
    const document: unknown = JSON.parse(renderOpenRpc())
    expect(faultsOf(openrpcDocument, document)).toEqual([])
    expect(faultsOf(openrpcDocument, { openrpc: '1.3.2' })).not.toEqual([])
    const { methods } = z.object({ methods: z.array(z.object({ name: z.string() })) }).parse(document)
    expect(methods.map(({ name }) => name)).toEqual(METHOD_NAMES)
  })

  it('is valid AsyncAPI and has every event', () => {
    const document: unknown = JSON.parse(renderAsyncApi())
    const schema: Schema = { ...asyncApiSpecs.schemasWithoutId['3.0.0'] }
    expect(faultsOf(schema, document)).toEqual([])
    expect(faultsOf(schema, { asyncapi: '3.0.0' })).not.toEqual([])
    const { components } = z
      .object({ components: z.object({ messages: z.record(z.string(), z.unknown()) }) })
      .parse(document)
    expect(Object.keys(components.messages)).toEqual(['server.hello', ...EVENT_NAMES])
  })

  // The schema of a message stood in it fourteen times: 12,000 lines.
  it.each([
    ['openrpc.json', renderOpenRpc],
    ['asyncapi.json', renderAsyncApi],
    ['openapi.json', renderOpenApi],
  ])('%s has no large schema twice, and refers to those that it has', (_name, render) => {
    const document: unknown = JSON.parse(render())
    const { components } = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(document)
    const [seen, repeated, missing] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      const { $ref: reference, type, ...rest } = { $ref: null, type: null, ...value }
      const name = /^#\/components\/schemas\/(.*)$/.exec(String(reference))?.[1]
      if (name !== undefined && !(name in components.schemas)) missing.add(name)
      const text = JSON.stringify({ ...rest, description: null })
      if (type === 'object' && text.length > LARGE_SCHEMA) (seen.has(text) ? repeated : seen).add(text)
      for (const inner of Object.values(value)) walk(inner)
    }
    walk(document)
    expect([[...missing], [...repeated]]).toEqual([[], []])
  })

  // A schema that says nothing about a value would let a generated client send anything.
  it('says something about every value', () => {
    const schemas = [
      ...METHOD_NAMES.flatMap((name) => [METHODS[name].params, METHODS[name].result]),
      ...EVENT_NAMES.map((name) => EVENTS[name].payload),
    ]
    expect(() => schemas.map((schema: z.ZodType) => z.toJSONSchema(schema))).not.toThrow()
  })

  // The flag of a pattern got lost, so that clients that were generated from the file refused ids that the daemon takes.
  it('says of an account id what the config and the daemon say', () => {
    const [listed] = z
      .object({
        methods: z.array(z.object({ name: z.string(), params: z.array(z.object({ schema: z.unknown() })) })),
      })
      .parse(JSON.parse(renderOpenRpc()))
      .methods.filter(({ name }) => name === 'accounts.list')
    const published = new Ajv({ strict: false }).compile(z.looseObject({}).parse(listed?.params[0]?.schema))
    const id = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '_', '-', '.', ' ', 'é', '\n'),
      maxLength: 70,
    })
    fc.assert(
      fc.property(id, (text) => {
        const isTaken = accountIdSchema.safeParse(text).success
        expect([published(text), ACCOUNT_ID.test(text)]).toEqual([isTaken, isTaken])
      }),
    )
  })

  it('is refused where it could not say the same as the schema', () => {
    for (const schema of [z.string().regex(/^a$/i), z.object({ list: z.array(z.string().regex(/^a$/is)) })])
      expect(() => jsonSchemaOf(schema, 'output')).toThrow('lost')
    expect(jsonSchemaOf(z.string().regex(/^a$/), 'output')).toMatchObject({ pattern: '^a$' })
  })
})

import type { z } from 'zod'
import { ERROR_CODES, ERRORS } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { errorDataSchema, PROTOCOL_VERSION } from '../../protocol/frames.ts'
import { jsonSchemaOf } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { METHODS, METHOD_NAMES } from '../../protocol/methods.ts'
import type { MethodName } from '../../protocol/methods.ts'
import { shareSchemas } from './share-schemas.ts'

/** `docs/openrpc.json`, whole: every method for programs, as OpenRPC 1.3. */
export function renderOpenRpc(): string {
  const document = {
    openrpc: '1.3.2',
    info: {
      title: 'whatsappd control plane',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'JSON-RPC 2.0 over WebSocket, text frames. Authenticate first; events are described in asyncapi.json, all else in protocol.md.',
      license: { name: 'MIT' },
    },
    servers: [{ name: 'local', url: 'ws://127.0.0.1:8765/v1/ws' }],
    methods: METHOD_NAMES.map(describeMethod),
    components: {
      schemas: { ErrorData: jsonSchemaOf(errorDataSchema, 'output') },
      errors: Object.fromEntries(ERROR_CODES.map((code) => [code, describeError(code)])),
    },
  }
  return `${JSON.stringify(shareSchemas(document), null, 2)}\n`
}

function describeMethod(name: MethodName): JsonSchema {
  const { params, result, scope, since, summary } = METHODS[name]
  return {
    name,
    summary,
    description:
      scope === null ? `Since protocol ${since}.` : `Needs scope \`${scope}\`. Since protocol ${since}.`,
    tags: [{ name: name.slice(0, name.indexOf('.')) }],
    paramStructure: 'by-name',
    params: describeParams(params),
    result: { name: 'result', schema: jsonSchemaOf(result, 'output') },
    'x-scope': scope,
    'x-since': since,
  }
}

function describeParams(params: z.ZodType): JsonSchema[] {
  const { properties = {}, required = [] } = jsonSchemaOf(params, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  } // every method's parameters are an object
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema
    return {
      name,
      ...(description === undefined ? {} : { description }),
      required: required.includes(name),
      schema: rest,
    }
  })
}

function describeError(code: ErrorCode): JsonSchema {
  const { rpcCode, message, retryable } = ERRORS[code]
  return { code: rpcCode, message, data: { code, retryable } }
}

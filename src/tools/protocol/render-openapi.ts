import type { z } from 'zod'
import { PROTOCOL_VERSION } from '../../protocol/frames.ts'
import { type HttpOperation, httpErrorSchema, HTTP_OPERATIONS } from './http-operations.ts'
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts'
import { shareSchemas } from './share-schemas.ts'

const ERROR_MEANS: Readonly<Record<number, string>> = {
  400: 'The request does not fit.',
  401: 'There is no token, or it is not valid.',
  403: 'The token does not carry the scope, the page may not read the answer, or the recipient is not allowed.',
  404: 'There is no such thing.',
  409: 'It cannot be done now; where waiting helps, `Retry-After` says how long.',
  410: 'It is over.',
  413: 'The body is too large.',
  422: 'It was understood, and cannot be done.',
  429: 'Too many; `Retry-After` says how long to wait.',
  503: 'The daemon or its disk cannot do it now.',
  507: 'There is no room for the file.',
}
/** Of every request with a token. */
const ALWAYS = [401, 403, 429]
const FILE: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' }

/** `docs/openapi.json`, whole: everything below `/v1` that is plain HTTP, for programs, as OpenAPI 3.1. */
export function renderOpenApi(): string {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const operation of HTTP_OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'whatsappd over HTTP',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'For scripts that keep no socket. Everything else, and the events, are in openrpc.json and asyncapi.json; protocol.md says how tokens are made.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8765' }],
    paths,
    components: {
      schemas: { Error: jsonSchemaOf(httpErrorSchema, 'output') },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token with the scope that the operation needs.',
        },
      },
    },
  }
  return `${JSON.stringify(shareSchemas(document), null, 2)}\n`
}

function describeOperation(operation: HttpOperation): JsonSchema {
  const { summary, needs, body, answers, errors } = operation
  const responses = Object.entries(answers).map(([status, { means, schema }]) => [
    status,
    { description: means, ...(schema !== null && { content: contentOf(schema) }) },
  ])
  const statuses = [...new Set([...errors, ...(needs === null ? [] : ALWAYS)])].toSorted((a, b) => a - b)
  const refusals = statuses.map((status) => [
    String(status),
    {
      description: ERROR_MEANS[status] ?? '',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ])
  return {
    operationId: operationIdOf(operation),
    summary,
    description: needOf(needs),
    ...parametersOf(operation),
    ...(body !== undefined && {
      requestBody: { required: true, content: contentOf(body.schema, body.type, 'input') },
    }),
    responses: Object.fromEntries([...responses, ...refusals]),
    security: needs === null ? [] : [{ token: [] }],
    'x-scope': needs,
  }
}

/** `get /v1/accounts/{account}/media/{mediaId}` → `getAccountsAccountMediaMediaId`. */
function operationIdOf({ method, path }: HttpOperation): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word !== '' && word !== 'v')
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function needOf(needs: HttpOperation['needs']): string {
  if (needs === null) return 'Needs no token.'
  if (needs === 'local') return 'Needs the local token.'
  return `Needs a token with scope \`${needs}\`.`
}

function parametersOf({ parameters = {} }: HttpOperation): JsonSchema {
  const described = Object.entries(parameters).map(([name, { in: place, schema }]) => {
    const { description, ...rest } = jsonSchemaOf(schema, 'input')
    return {
      name,
      in: place,
      required: place === 'path' || !schema.safeParse(undefined).success,
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
  return described.length === 0 ? {} : { parameters: described }
}

function contentOf(
  schema: z.ZodType | 'file',
  type = schema === 'file' ? 'application/octet-stream' : 'application/json',
  io: 'input' | 'output' = 'output',
): JsonSchema {
  return { [type]: { schema: schema === 'file' ? FILE : jsonSchemaOf(schema, io) } }
}

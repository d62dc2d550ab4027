import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { Frame } from './wire-client.ts'

interface Parameter {
  name: string
  required: boolean
  schema: object
}
interface OpenRpc {
  methods: { name: string; params: Parameter[]; result: { schema: object } }[]
  components: {
    schemas: { ErrorData: object }
    errors: Record<string, { code: number; data: { retryable: boolean } }>
  }
}
interface AsyncApi {
  components: { schemas: object; messages: Record<string, { payload: object }> }
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

const read = <Document>(name: string): Document =>
  // Their form is checked by test/unit/protocol/machine-readable.test.ts.
  JSON.parse(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')) as Document

/**
 * `docs/openrpc.json` and `docs/asyncapi.json` as they are published: a client that was generated from them must be able to read what
 * the daemon sends, and to send what the daemon takes.
 */
export class PublishedDescription {
  readonly #openRpc = read<OpenRpc>('openrpc.json')
  readonly #asyncApi = read<AsyncApi>('asyncapi.json')
  readonly #ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': DATE_TIME } })
  readonly #validators = new Map<string, ValidateFunction>()

  /** What of a frame of the daemon is not as it is published; empty when all is. */
  faultsOf(frame: Frame, request?: { method: string; params: unknown }): string[] {
    const { error, method, result } = frame
    if (error !== undefined) return this.#faultsOfError(error)
    if (method !== undefined) {
      const message = this.#asyncApi.components.messages[method]
      return message === undefined
        ? [`${method}: not published`]
        : this.#check(method, this.#ofEvents(message.payload), frame)
    }
    if (request === undefined) return []
    const published = this.#openRpc.methods.find(({ name }) => name === request.method)
    if (published === undefined) return [`${request.method}: not published`]
    return [
      ...this.#check(`result of ${request.method}`, this.#ofMethods(published.result.schema), result),
      ...this.#check(
        `params of ${request.method}`,
        this.#ofMethods(paramsSchema(published.params)),
        request.params ?? {},
      ),
    ]
  }

  /** What is wrong with the result of `method`, however it came. */
  faultsOfResult(method: string, result: unknown): string[] {
    return this.faultsOf({ result: result as Record<string, unknown> }, { method, params: {} })
  }

  #faultsOfError({ code, data }: NonNullable<Frame['error']>): string[] {
    const { schemas, errors } = this.#openRpc.components
    const known = errors[data.code]
    const isAsPublished = known?.code === code && known.data.retryable === data.retryable
    return [
      ...this.#check('error data', this.#ofMethods(schemas.ErrorData), data),
      ...(isAsPublished ? [] : [`error ${data.code}: other than published`]),
    ]
  }

  /** With what its references lead to. */
  #ofMethods(schema: object): object {
    return { ...schema, components: { schemas: this.#openRpc.components.schemas } }
  }

  #ofEvents(schema: object): object {
    return { ...schema, components: { schemas: this.#asyncApi.components.schemas } }
  }

  #check(what: string, schema: object, value: unknown): string[] {
    const validate = this.#validators.get(what) ?? this.#ajv.compile(schema)
    this.#validators.set(what, validate)
    validate(value)
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${what}${instancePath} ${message ?? ''}`,
    )
  }
}

function paramsSchema(params: readonly Parameter[]): object {
  return {
    type: 'object',
    properties: Object.fromEntries(params.map(({ name, schema }) => [name, schema])),
    required: params.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  }
}

import { z } from 'zod'
import { timestampSchema } from './account/account.ts'
import { ERROR_CODES } from './errors.ts'
import { truncatedSchema } from './truncated.ts'

/** Version of the control-plane protocol that this daemon speaks. */
export const PROTOCOL_VERSION = 1
export const WEBSOCKET_SUBPROTOCOL = 'whatsappd.v1'
/** Prefix of the second subprotocol, by which a client may authenticate during the upgrade. */
export const BEARER_SUBPROTOCOL_PREFIX = 'bearer.'

const requestIdSchema = z.union([z.string().min(1).max(128), z.int()])
export type RequestId = z.infer<typeof requestIdSchema>

/** What a client sends. A request without `id` is refused: every call gets an answer. */
export const requestSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: requestIdSchema,
  method: z.string().min(1).max(64),
  params: z.record(z.string(), z.unknown()).optional(),
})

export const errorDataSchema = z.object({
  code: z.enum(ERROR_CODES).describe('One of the codes below.'),
  retryable: z.boolean().describe('Whether the same request may succeed later.'),
  action: z.string().optional().describe('What the person can do.'),
  details: z.record(z.string(), z.unknown()).optional().describe('Facts for programs; depend on the code.'),
  truncated: truncatedSchema.optional(),
})

export const errorObjectSchema = z.object({
  code: z.number().int(),
  message: z.string(),
  data: errorDataSchema,
})

const successResponseSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: requestIdSchema,
  result: z.unknown(),
})

export const errorResponseSchema = z.object({
  jsonrpc: z.literal('2.0'),
  /** `null` when the request could not be read far enough to know it. */
  id: requestIdSchema.nullable(),
  error: errorObjectSchema,
})

const helloSchema = z.object({
  name: z.literal('whatsappd'),
  version: z.string(),
  minProtocolVersion: z.number().int().positive(),
  maxProtocolVersion: z.number().int().positive(),
})

export const helloFrameSchema = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.literal('server.hello'),
  params: helloSchema,
})

/** An event on the wire; the rest of `params` is the event's payload. */
export const eventFrameSchema = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.string(),
  params: z.looseObject({ eventId: z.number().int().positive().nullable(), at: timestampSchema }),
})

/** Any frame that the server sends. */
export const serverFrameSchema = z.union([
  successResponseSchema.extend({ result: z.custom<unknown>((value) => value !== undefined) }),
  errorResponseSchema,
  helloFrameSchema,
  eventFrameSchema,
])

export type RequestFrame = z.infer<typeof requestSchema>
export type ErrorObject = z.infer<typeof errorObjectSchema>
export type ErrorResponse = z.infer<typeof errorResponseSchema>
export type SuccessResponse = z.infer<typeof successResponseSchema>
export type HelloFrame = z.infer<typeof helloFrameSchema>

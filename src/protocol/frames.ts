import { z } from 'zod'
import { timestampSchema } from './account.ts'
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

/** Why the server closes a socket. `retry: false` means that connecting again with the same token cannot help. */
export const CLOSE_CODES = {
  stopping: { code: 1001, retry: true, summary: 'The daemon is shutting down.' },
  binary_frame: { code: 1003, retry: false, summary: 'A binary frame arrived; the protocol is text.' },
  payload_too_big: { code: 1009, retry: false, summary: 'A frame was larger than allowed.' },
  unauthorized: { code: 4401, retry: false, summary: 'The token is wrong, has expired or was revoked.' },
  token_withdrawn: {
    code: 4403,
    retry: false,
    summary: 'The token was revoked, or its key or secret replaced; authenticate with another one.',
  },
  authentication_timeout: {
    code: 4408,
    retry: true,
    summary: 'No `session.authenticate` arrived within five seconds.',
  },
  too_many_attempts: { code: 4429, retry: true, summary: 'Too many requests or failed authentications.' },
  too_many_connections: {
    code: 4503,
    retry: true,
    summary: 'The holder of the token has as many sockets open as one may, or there is no place left for it.',
  },
  token_expired: { code: 4440, retry: true, summary: 'The token expired; authenticate anew.' },
} as const satisfies Record<string, { code: number; retry: boolean; summary: string }>

export type CloseReason = keyof typeof CLOSE_CODES

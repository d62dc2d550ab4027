import { z } from 'zod'
import { accountIdSchema, timestampSchema } from '../../protocol/account/account.ts'
import { answerJsonSchema } from '../../protocol/agent/answer-json.ts'
import { ERROR_CODES, HTTP_CODES } from '../../protocol/errors.ts'
import { METHODS } from '../../protocol/methods.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import type { Scope } from '../../protocol/tokens/scopes.ts'

interface Parameter {
  in: 'path' | 'query' | 'header'
  schema: z.ZodType
}

/** One request over HTTP, as `docs/openapi.json` describes it. */
export interface HttpOperation {
  method: 'get' | 'post'
  /** As OpenAPI writes it. */
  path: string
  summary: string
  /** What the token must carry; `local`: it is the local one, `null`: none is needed. */
  needs: Scope | 'local' | null
  parameters?: Readonly<Record<string, Parameter>>
  body?: { type: string; schema: z.ZodType | 'file' }
  /** By status; `file` for the bytes of one. */
  answers: Readonly<Record<number, { means: string; schema: z.ZodType | 'file' | null }>>
  /** Statuses of `errorSchema`, besides those of every request with a token. */
  errors: readonly number[]
}

/** How every route says that it refuses. */
export const httpErrorSchema = z.object({
  error: z.object({
    code: z.enum([...ERROR_CODES, ...Object.values(HTTP_CODES)]).describe('One of the [errors](errors.md).'),
    message: z.string().describe('One sentence for a person.'),
    action: z.string().optional().describe('What they can do.'),
    details: z.record(z.string(), z.unknown()).optional().describe('Facts for programs.'),
  }),
})

const account: Parameter = { in: 'path', schema: accountIdSchema }
const messageId: Parameter = {
  in: 'path',
  schema: z.string().max(TEXT_LIMITS.identifier).describe("WhatsApp's id of the message."),
}
const mediaId: Parameter = { in: 'path', schema: z.string().describe('The id of the file.') }
const range: Parameter = {
  in: 'header',
  schema: z.string().optional().describe('One part of the file, such as `bytes=0-1023`.'),
}
const queue: Parameter = {
  in: 'query',
  schema: z.enum(['0', '1']).optional().describe('`1`: store it while WhatsApp is not connected.'),
}
const refresh: Parameter = {
  in: 'query',
  schema: z.enum(['0', '1']).optional().describe('`1`: ask WhatsApp anew.'),
}
const name: Parameter = {
  in: 'query',
  schema: z.string().max(TEXT_LIMITS.name).optional().describe('What the file is called.'),
}
const uploadSchema = z.object({
  mediaId: z.string().describe('For `messages.send`.'),
  expiresAt: timestampSchema.describe('Until when it can be sent.'),
  size: z.number().int().positive().describe('In bytes.'),
  mimeType: z.string().nullable().describe('What its bytes show it to be; `null` where they show nothing.'),
})
const {
  'messages.send': send,
  'messages.get': get,
  'templates.list': templates,
  'accounts.list': list,
} = METHODS

/** Every route below `/v1`; the WebSocket at `/v1/ws` is described by OpenRPC and AsyncAPI. */
export const HTTP_OPERATIONS: readonly HttpOperation[] = [
  {
    method: 'post',
    path: '/v1/accounts/{account}/messages',
    summary: 'Sends a message: `messages.send`, for scripts that keep no socket.',
    needs: 'send',
    parameters: { account, queue },
    body: { type: 'application/json', schema: send.params.omit({ account: true }) },
    answers: {
      200: { means: 'The same request was made before; nothing more is sent.', schema: send.result },
      201: { means: 'The message is stored, and goes out in its turn.', schema: send.result },
    },
    errors: [400, 404, 409, 413, 422, 503],
  },
  {
    method: 'get',
    path: '/v1/accounts/{account}/messages/{messageId}',
    summary: 'What became of a message: `messages.get`.',
    needs: 'send',
    parameters: { account, messageId },
    answers: { 200: { means: 'The message, without its words.', schema: get.result } },
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/v1/accounts/{account}/templates',
    summary: 'The approved templates of a WhatsApp Business number: `templates.list`.',
    needs: 'send',
    parameters: { account, refresh },
    answers: { 200: { means: 'The templates.', schema: templates.result } },
    errors: [404, 409, 422, 429, 503],
  },
  {
    method: 'post',
    path: '/v1/accounts/{account}/media',
    summary: 'Uploads a file, to send it within an hour.',
    needs: 'send',
    parameters: { account, name },
    body: { type: '*/*', schema: 'file' },
    answers: { 201: { means: 'The file is stored.', schema: uploadSchema } },
    errors: [404, 413, 422, 503, 507],
  },
  {
    method: 'get',
    path: '/v1/accounts/{account}/media/{mediaId}',
    summary: 'A file of a message, or an upload.',
    needs: 'conversations',
    parameters: { account, mediaId, Range: range },
    answers: {
      200: { means: 'The file.', schema: 'file' },
      206: { means: 'The part that `Range` asks for.', schema: 'file' },
      416: { means: 'The file has no such part.', schema: null },
    },
    errors: [404, 503],
  },
  {
    method: 'get',
    path: '/v1/accounts',
    summary: "The accounts and their states: `accounts.list`, for a dashboard's backend.",
    needs: 'read',
    parameters: { after: { in: 'query', schema: list.params.shape.after } },
    answers: { 200: { means: 'The accounts.', schema: list.result } },
    errors: [400, 503],
  },
  {
    method: 'get',
    path: '/v1/media/{mediaId}',
    summary: "A file of a turn that is open, for assistants that cannot read the daemon's disk.",
    needs: 'agent',
    parameters: { mediaId },
    answers: { 200: { means: 'The file.', schema: 'file' } },
    errors: [404],
  },
  {
    method: 'post',
    path: '/v1/turns/{turn}',
    summary: 'The answer to a turn that was posted to a webhook, whole or one step of it.',
    needs: 'agent',
    parameters: { turn: { in: 'path', schema: z.string().describe('The id of the turn.') } },
    body: { type: 'application/json', schema: answerJsonSchema },
    answers: {
      200: { means: 'It was taken.', schema: z.object({ turn: z.string().describe('The id of the turn.') }) },
    },
    errors: [400, 404, 409, 410, 413],
  },
  {
    method: 'post',
    path: '/v1/session',
    summary: 'Trades the code of a link to the page for a token.',
    needs: null,
    body: {
      type: 'application/json',
      schema: z.strictObject({ code: z.string().min(1).max(256).describe('From the fragment of the link.') }),
    },
    answers: {
      200: {
        means: 'A token of the page.',
        schema: z.object({ token: z.string(), expiresAt: timestampSchema }),
      },
    },
    errors: [400, 401, 413, 429],
  },
  {
    method: 'post',
    path: '/v1/login-links',
    summary: 'A fresh link to the page, for the holder of the local token.',
    needs: 'local',
    answers: {
      200: {
        means: 'The link works once, within five minutes.',
        schema: z.object({ link: z.string(), expiresAt: timestampSchema }),
      },
    },
    errors: [],
  },
]

import type { StatusCode } from 'hono/utils/http-status'
import { openTurnFile } from '../../../agents/turn-files/open-turn-file.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { CallMethod } from '../../mcp/call-method.ts'
import { MAX_FILE_BYTES, type ReadFile } from '../../mcp/mcp-files.ts'
import { allowOrigins } from './cross-origin.ts'
import { refuse, requireToken } from './guards.ts'
import { readBody } from './read-body.ts'
import type { HttpRoutesDeps, RouteContext, Routes } from './route.ts'
import { sessionOf } from './session-of.ts'

const PATH = '/mcp'
/** Room for the longest text, as JSON may write it. */
const MAX_BODY_BYTES = 512 * 1_024
/** Requests in one body, as an early revision of MCP allows it. */
const MAX_BATCH = 20

/**
 * `/mcp`: MCP over streamable HTTP, with the tokens and scopes of the protocol. Each tool calls the protocol's methods for the holder of
 * the token. The library is loaded with the first request.
 */
export function addMcp(app: Routes, deps: HttpRoutesDeps): void {
  app.use(PATH, async (context, next) => {
    if (deps.isHostAllowed(context.req.header('host'))) return next()
    return refuse(
      context,
      403,
      'forbidden',
      'This host is not known here: use the address, or add its origin to whatsappd.allowedOrigins.',
    )
  })
  app.use(PATH, allowOrigins(deps), requireToken(deps))
  app.all(PATH, async (context) => {
    const text = await readBody(context.env.incoming, MAX_BODY_BYTES)
    if (text === null) return refuse(context, 413, 'invalid_request', 'The body is too large.')
    if (batchLength(text) > MAX_BATCH)
      return refuse(context, 413, 'invalid_request', `Send at most ${MAX_BATCH} requests at once.`)
    const { method, headers } = context.req.raw
    const hasBody = method !== 'GET' && method !== 'HEAD' && text !== ''
    const request = new Request(`http://localhost${PATH}`, {
      method,
      headers,
      ...(hasBody && { body: text }),
    })
    const { answerMcp } = await import('../../mcp/answer-mcp.ts')
    const { scopes } = context.get('identity')
    const answer = await answerMcp(request, {
      version: deps.version,
      scopes,
      call: callFor(context, deps),
      // Which files of this machine a client elsewhere may send nobody can tell.
      files: { read: (account, mediaId) => readMedia(deps, account, mediaId), upload: null },
    })
    for (const [name, value] of answer.headers) context.header(name, value)
    const body = await answer.text()
    // Every status that MCP knows.
    return context.newResponse(body === '' ? null : body, answer.status as StatusCode)
  })
}

async function readMedia(
  { accounts }: HttpRoutesDeps,
  account: string,
  mediaId: string,
): Promise<ReadFile | 'too_large' | null> {
  const found = accounts.media(account).find(mediaId)
  const opened = found && (await openTurnFile(found.path))
  if (!opened) return null
  try {
    if (opened.size > MAX_FILE_BYTES) return 'too_large'
    return { bytes: await opened.file.readFile(), mimeType: found.mimeType }
  } finally {
    await opened.file.close()
  }
}

function callFor(context: RouteContext, { dispatcher }: HttpRoutesDeps): CallMethod {
  const session = sessionOf(context)
  return async <Name extends Parameters<CallMethod>[0]>(method: Name, params: object) => {
    const outcome = await dispatcher.call(method, { ...params }, session)
    // The dispatcher has parsed it with the schema of this method.
    if ('result' in outcome) return outcome.result as MethodResult<Name>
    const { code, action, details } = outcome.error.data
    throw new DaemonError(code, {
      message: outcome.error.message,
      ...(action !== undefined && { action }),
      ...(details !== undefined && { details }),
    })
  }
}

function batchLength(text: string): number {
  if (!text.trimStart().startsWith('[')) return 1
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.length : 1
  } catch {
    return 1
  }
}

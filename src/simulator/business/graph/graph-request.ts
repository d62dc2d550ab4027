import type { IncomingMessage } from 'node:http'
import { isRecord } from '../../../protocol/is-record.ts'
import { MAX_UPLOAD_BYTES } from '../media/media-limits.ts'
import { GraphError } from './graph-error.ts'

/** Room for the other parts of an upload. */
const MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 1_024 * 1_024
const VERSION = /^\/v\d+\.\d+(?=\/)/

/** A request, taken apart. */
export interface GraphRequest {
  method: string
  /** Without the version; begins with a slash. */
  path: string
  query: URLSearchParams
  /** The bearer token, or `access_token` of the query; empty for none. */
  token: string
  /** `D360-API-KEY`. */
  dialogKey: string | null
  /** JSON, a form, or nothing. */
  body: Record<string, unknown>
  file: { bytes: Buffer; mimeType: string; name: string | null } | null
}

/** Reads a request to its end. Throws `GraphError` (100) for a body that cannot be read. */
export async function readRequest(request: IncomingMessage): Promise<GraphRequest> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://graph')
  const bytes = await bodyOf(request)
  const { authorization = '' } = request.headers
  const key = request.headers['d360-api-key']
  return {
    method: request.method ?? 'GET',
    path: pathname.replace(VERSION, ''),
    query,
    token: /^Bearer (.+)$/.exec(authorization)?.[1] ?? query.get('access_token') ?? '',
    dialogKey: typeof key === 'string' ? key : null,
    ...(await parsed(bytes, request.headers['content-type'] ?? '')),
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    // Without an encoding a request gives bytes.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size <= MAX_BODY_BYTES) chunks.push(bytes)
  }
  if (size > MAX_BODY_BYTES) throw new GraphError(100, { status: 413, details: 'The request is too large.' })
  return Buffer.concat(chunks)
}

async function parsed(bytes: Buffer, contentType: string): Promise<Pick<GraphRequest, 'body' | 'file'>> {
  if (bytes.length === 0) return { body: {}, file: null }
  if (contentType.startsWith('multipart/form-data')) return parsedForm(bytes, contentType)
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(bytes.toString())), file: null }
  try {
    const body: unknown = JSON.parse(bytes.toString())
    if (isRecord(body)) return { body, file: null }
  } catch {
    // Told below.
  }
  throw new GraphError(100, { details: 'The body is not JSON.' })
}

async function parsedForm(bytes: Buffer, contentType: string): Promise<Pick<GraphRequest, 'body' | 'file'>> {
  const response = new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
  const form = await response.formData().catch(() => {
    throw new GraphError(100, { details: 'The form cannot be read.' })
  })
  const body: Record<string, unknown> = {}
  let file: GraphRequest['file'] = null
  for (const [name, value] of form) {
    if (typeof value === 'string') body[name] = value
    else if (name === 'file')
      file = { bytes: Buffer.from(await value.arrayBuffer()), mimeType: value.type, name: value.name || null }
  }
  return { body, file }
}

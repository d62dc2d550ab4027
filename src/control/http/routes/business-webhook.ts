import type { WebhookAnswer, WebhookReceiver } from '../../../messaging/webhook-receiver.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { refuse } from './guards.ts'
import { readBytes } from './read-body.ts'
import type { HttpRoutesDeps, RouteContext, Routes } from './route.ts'

/** Without and with a secret in the path. */
const PATHS = ['/webhooks/whatsapp/:account', '/webhooks/whatsapp/:account/:secret']
/** Meta posts up to 3 MB at a time. */
const MAX_BODY_BYTES = 4 * 1_024 * 1_024
/** What may be in memory of all bodies together; whatever else comes meanwhile comes again. A body counts as far as it has come. */
const MAX_BYTES_AT_ONCE = 64 * 1_024 * 1_024
/** Of a request without its body. */
const REQUEST_BYTES = 4_096
const FULL: WebhookAnswer = { status: 503, reason: 'Too much comes at once.' }
const CODE_OF_STATUS: Readonly<Record<Exclude<WebhookAnswer['status'], 200>, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  413: 'invalid_request',
  500: 'storage_error',
  503: 'storage_error',
}

/**
 * `GET` and `POST /webhooks/whatsapp/:account[/:secret]`: where the messenger's server confirms the address, and posts. It has no token: each
 * request proves by its signature, or by the secret in the path, who sent it. The only route that other machines need to reach, under
 * whatever name their tunnel has.
 */
export function addBusinessWebhook(app: Routes, deps: HttpRoutesDeps): void {
  let bytesAtOnce = 0
  const receiverOf = (context: RouteContext): WebhookReceiver | null =>
    deps.accounts.businessWebhook(context.req.param('account') ?? '')
  app.on('GET', PATHS, (context) => {
    const receiver = receiverOf(context)
    if (receiver === null) return refuseUnknown(context)
    const answer = receiver.challenge(new URL(context.req.url).searchParams, secretIn(context))
    return answer === null
      ? refuse(context, 403, 'forbidden', 'This is not the verify token of the account.')
      : context.text(answer)
  })
  app.on('POST', PATHS, async (context) => {
    const receiver = receiverOf(context)
    if (receiver === null) return refuseUnknown(context)
    if (!isPlain(context.req.header('content-encoding')))
      return refuse(context, 415, 'invalid_request', 'Send the body without a Content-Encoding.')
    const head = { headers: context.env.incoming.headers, pathSecret: secretIn(context) }
    const refusal = receiver.refusal(head)
    if (refusal !== null) return toResponse(context, refusal)
    let bytes = 0
    let isFull = false
    const take = (more: number): boolean => {
      isFull = bytesAtOnce + more > MAX_BYTES_AT_ONCE
      if (isFull) return false
      bytes += more
      bytesAtOnce += more
      return true
    }
    try {
      const body = take(REQUEST_BYTES) ? await readBytes(context.env.incoming, MAX_BODY_BYTES, take) : null
      if (isFull) receiver.turnedAway()
      if (body === null)
        return toResponse(context, isFull ? FULL : { status: 413, reason: 'The body is longer than 4 MiB.' })
      return toResponse(context, await receiver.receive({ ...head, body }))
    } finally {
      bytesAtOnce -= bytes
    }
  })
}

function secretIn(context: RouteContext): string | null {
  return context.req.param('secret') ?? null
}

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding.trim() === '' || encoding.trim().toLowerCase() === 'identity'
}

/** Names no account. */
function refuseUnknown(context: RouteContext): Response {
  return refuse(context, 404, 'method_not_found', 'There is nothing here.')
}

function toResponse(context: RouteContext, { status, reason = '' }: WebhookAnswer): Response {
  if (status === 200) return context.text('ok')
  if (status === 503) context.header('Retry-After', '1')
  return refuse(context, status, CODE_OF_STATUS[status], reason)
}

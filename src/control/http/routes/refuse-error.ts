import { type ErrorCode, HTTP_CODES } from '../../../protocol/errors.ts'
import type { ErrorObject } from '../../../protocol/frames.ts'
import type { RouteContext } from './route.ts'

type Status = 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503 | 507

/** Every other error is the daemon's own trouble. */
const STATUS_OF_ERROR: Partial<Record<ErrorCode, Status>> = {
  invalid_params: 400,
  invalid_phone_number: 400,
  forbidden: 403,
  recipient_not_allowed: 403,
  account_not_found: 404,
  conversation_not_found: 404,
  message_not_found: 404,
  media_not_found: 404,
  account_disabled: 409,
  client_message_id_reused: 409,
  message_not_changeable: 409,
  not_connected: 409,
  misconfigured: 409,
  window_closed: 409,
  not_supported: 422,
  template_invalid: 422,
  template_not_found: 404,
  not_on_whatsapp: 422,
  media_refused: 422,
  rate_limited: 429,
  first_contacts_exhausted: 429,
  owner_busy: 503,
  stopping: 503,
  storage_error: 503,
}
const SHOWN_CODE: Partial<Record<ErrorCode, string>> = HTTP_CODES
const STATUS_OF_MEDIA: Readonly<Record<string, Status>> = { too_large: 413, no_space: 507 }
/** In seconds. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = { not_connected: 5, rate_limited: 30, stopping: 5 }

/** The error of a method as every route answers it, with `Retry-After` where waiting helps. */
export function refuseError(context: RouteContext, { message, data }: ErrorObject): Response {
  const { code, action, details } = data
  const wait = code === 'first_contacts_exhausted' ? secondsUntil(details?.until) : RETRY_AFTER[code]
  if (wait !== undefined) context.header('Retry-After', String(wait))
  return context.json(
    { error: { code: SHOWN_CODE[code] ?? code, message, action, details } },
    statusOf(code, details),
  )
}

function statusOf(code: ErrorCode, details: Record<string, unknown> | undefined): Status {
  const ofMedia = code === 'media_refused' ? STATUS_OF_MEDIA[String(details?.reason)] : undefined
  return ofMedia ?? STATUS_OF_ERROR[code] ?? 500
}

function secondsUntil(until: unknown): number | undefined {
  if (typeof until !== 'string') return undefined
  return Math.max(1, Math.ceil((Date.parse(until) - Date.now()) / 1_000))
}

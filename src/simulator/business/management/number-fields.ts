import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessAccount } from './business-account.ts'
import type { BusinessNumber } from './business-number.ts'
import { accountHealth, numberHealth } from './health-status.ts'
import { verifyCallback } from './verify-callback.ts'

const DEFAULT_FIELDS =
  'verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput'
const ACCOUNT_FIELDS = 'id,name,timezone_id,message_template_namespace'
const PIN = /^\d{6}$/
const PAGE_SIZE = 25

type Fields = Readonly<Record<string, (number: BusinessNumber) => unknown>>

/** Every field that can be asked for; any other fails the whole call. */
const NUMBER_FIELDS: Fields = {
  id: ({ phoneNumberId }) => phoneNumberId,
  display_phone_number: ({ phoneNumber }) => phoneNumber.replace(/^\+(\d+)(\d{3})(\d{4})$/, '+$1 $2-$3'),
  verified_name: ({ name }) => name,
  status: ({ state }) => state.status,
  code_verification_status: ({ state }) => state.codeVerification,
  platform_type: ({ state }) => state.platform,
  host_platform: ({ state }) => state.platform,
  quality_rating: ({ state }) => state.quality,
  name_status: ({ state }) => state.nameStatus,
  new_name_status: () => 'NONE',
  account_mode: ({ state }) => state.accountMode,
  is_on_biz_app: ({ state }) => state.isOnBusinessApp,
  is_pin_enabled: ({ state }) => state.pin !== null,
  is_official_business_account: () => false,
  last_onboarded_time: ({ onboardedAt }) => new Date(onboardedAt).toISOString(),
  throughput: ({ state }) => ({ level: state.throughput }),
  messaging_limit_tier: ({ state }) => state.messagingLimit,
  whatsapp_business_manager_messaging_limit: ({ state }) => state.messagingLimit,
  health_status: numberHealth,
  webhook_configuration: ({ app, override }) => ({
    ...(override === null ? {} : { phone_number: override.url }),
    application: app.callbackUrl,
  }),
}

/** `GET /<number>?fields=`. */
export function numberFields(
  _: BusinessEnvironment,
  number: BusinessNumber,
  fields: string | null,
): Record<string, unknown> {
  const names = (fields ?? DEFAULT_FIELDS).split(',').map((name) => name.trim())
  const unknown = names.find((name) => NUMBER_FIELDS[name] === undefined)
  if (unknown !== undefined)
    throw new GraphError(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessPhoneNumber)`,
    })
  return Object.fromEntries(
    [...new Set([...names, 'id'])].map((name) => [name, NUMBER_FIELDS[name]?.(number)]),
  )
}

/** `GET /<account>/phone_numbers`, page by page. */
export function listNumbers(
  env: BusinessEnvironment,
  account: BusinessAccount,
  query: URLSearchParams,
): object {
  const fields = query.get('fields')
  const { page, paging } = pageOf(account.numbers, query, PAGE_SIZE)
  return { data: page.map((number) => numberFields(env, number, fields)), ...paging }
}

/** A part of a list as the Graph API pages it. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  pageSize: number,
): { page: T[]; paging: object } {
  const limit = Math.max(1, Math.min(Number(query.get('limit') ?? pageSize) || pageSize, 1_000))
  const after = query.get('after')
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString()) || 0
  const page = items.slice(start, start + limit)
  const cursor = (at: number): string => Buffer.from(String(at)).toString('base64url')
  const end = start + page.length
  const cursors = { before: cursor(start), after: cursor(end) }
  const hasMore = end < items.length
  return {
    page,
    paging:
      page.length === 0
        ? {}
        : {
            paging: {
              cursors,
              ...(hasMore ? { next: `https://graph.facebook.com/next?after=${cursors.after}` } : {}),
            },
          },
  }
}

/** `GET /<account>?fields=`. */
export function accountFields(account: BusinessAccount, fields: string | null): object {
  const known: Record<string, unknown> = {
    id: account.id,
    name: account.name,
    timezone_id: '1',
    message_template_namespace: account.id,
    account_review_status: 'APPROVED',
    business_verification_status: 'verified',
    currency: 'USD',
    primary_funding_id: account.hasPayment ? account.id : null,
    owner_business_info: { id: account.portfolio.id, name: account.name },
    health_status: accountHealth(account),
  }
  const names = (fields ?? ACCOUNT_FIELDS).split(',').map((name) => name.trim())
  const unknown = names.find((name) => !(name in known))
  if (unknown !== undefined)
    throw new GraphError(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessAccount)`,
    })
  return Object.fromEntries([...new Set([...names, 'id'])].map((name) => [name, known[name]]))
}

/** `POST /<number>`: another PIN, which the old one is not asked for, or a callback of its own. */
export async function patchNumber(
  env: BusinessEnvironment,
  number: BusinessNumber,
  body: Record<string, unknown>,
): Promise<object> {
  const { pin, webhook_configuration: webhook } = body
  if (pin !== undefined) {
    if (typeof pin !== 'string' || !PIN.test(pin))
      throw new GraphError(100, { details: 'Param pin must be 6 digits.' })
    number.state.pin = pin
  }
  if (isRecord(webhook)) {
    const { override_callback_uri: url, verify_token: verifyToken } = webhook
    number.override =
      typeof url === 'string' && url !== ''
        ? await verifyCallback(env, { url, verifyToken: String(verifyToken) })
        : null
  }
  return { success: true }
}

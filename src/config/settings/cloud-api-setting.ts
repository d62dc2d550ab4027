import { z } from 'zod'
import { isLoopbackUrl } from '../../protocol/loopback-url.ts'
import { secretSchema } from './secret-schema.ts'
import { member, setting } from './setting.ts'

/** One in use, one that takes its place, and room for a mistake. */
const MAX_APP_SECRETS = 4
const MAX_MEDIA_HOSTS = 10

/** What holds where neither the file nor the environment says anything. */
export const CLOUD_API_DEFAULTS = {
  provider: 'meta',
  apiVersion: 'v25.0',
  baseUrl: { meta: 'https://graph.facebook.com', '360dialog': 'https://waba-v2.360dialog.io' },
  mediaHosts: { meta: ['lookaside.fbsbx.com'], '360dialog': [] },
} as const

/** Ids are digits, and longer than a number can be without losing some of them. */
export const businessIdSchema = z
  .string({ error: 'Must be a text in quotes: the digits of the id' })
  .regex(/^\d{1,32}$/, {
    error:
      'Must be the digits of the id that WhatsApp Manager shows, in quotes; it is not the phone number itself',
  })

export const apiVersionSchema = z
  .string({ error: 'Must be a text such as "v25.0"' })
  .regex(/^v\d{1,3}\.\d{1,2}$/, {
    error: 'Must be a version such as v25.0, with the v and the part after the dot',
  })

const baseUrlSchema = z.url({ protocol: /^https?$/ }).refine(isSafeUrl, {
  error: 'Must begin with https://, because the token goes there; http:// works for this machine alone',
})

/** With the token only to servers that can prove who they are, or to this machine. */
function isSafeUrl(url: string): boolean {
  return URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopbackUrl(url))
}

const variable = (name: string): string => `; without it \`${name}\` of the environment`

const cloudApi = z.strictObject({
  provider: member(z.enum(['meta', '360dialog']), {
    description:
      'Whose server it is: `meta`, or `360dialog`, which differs in addresses, header and webhooks.',
    default: CLOUD_API_DEFAULTS.provider,
    example: 'meta',
  }),
  phoneNumberId: member(businessIdSchema, {
    description: `Id of the phone number${variable('WHATSAPP_PHONE_NUMBER_ID')}, for the default account.`,
    example: '106540352242922',
  }),
  businessAccountId: member(businessIdSchema, {
    description: `Id of the WhatsApp Business account (WABA)${variable('WHATSAPP_BUSINESS_ACCOUNT_ID')}, for the default account.`,
    example: '102290129340398',
  }),
  accessToken: member(secretSchema, {
    description: `The access token, or the API key of 360dialog${variable('WHATSAPP_ACCESS_TOKEN')}.`,
    default: { env: 'WHATSAPP_ACCESS_TOKEN' },
    example: { env: 'WHATSAPP_ACCESS_TOKEN' },
  }),
  appSecret: member(
    z.union([...secretSchema.options, z.array(secretSchema).min(1).max(MAX_APP_SECRETS)], {
      error: 'Must be { env: "NAME" }, { file: "path" }, the secret itself as a text, or a list of these',
    }),
    {
      description: `The secret of the app, which signs its webhooks: without it they are refused. A list of both while one is replaced${variable('WHATSAPP_APP_SECRET')}.`,
      default: { env: 'WHATSAPP_APP_SECRET' },
      example: { env: 'WHATSAPP_APP_SECRET' },
    },
  ),
  verifyToken: member(secretSchema, {
    description: `What Meta shows when it verifies the callback address${variable('WHATSAPP_WEBHOOK_VERIFY_TOKEN')}; without either the daemon makes one, which the card shows.`,
    default: { env: 'WHATSAPP_WEBHOOK_VERIFY_TOKEN' },
    example: { env: 'WHATSAPP_WEBHOOK_VERIFY_TOKEN' },
  }),
  apiVersion: member(apiVersionSchema, {
    description: `The version of the Graph API${variable('WHATSAPP_API_VERSION')}.`,
    default: CLOUD_API_DEFAULTS.apiVersion,
    example: 'v25.0',
  }),
  baseUrl: member(baseUrlSchema, {
    description:
      "The server; `https://graph.facebook.com`, or 360dialog's, where it is not set. The token goes there: `http://` only to this machine.",
    example: 'https://graph.facebook.com',
  }),
  mediaHosts: member(
    z
      .array(
        z.string().regex(/^(?!.*\.\.)[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?(?::\d{1,5})?$/i, {
          error: 'Must be the name of a host, such as lookaside.fbsbx.com, without https:// and path',
        }),
      )
      .max(MAX_MEDIA_HOSTS),
    {
      description:
        'The hosts besides that of `baseUrl` from which files of messages are fetched; no other host gets the token.',
      default: CLOUD_API_DEFAULTS.mediaHosts.meta,
      example: ['lookaside.fbsbx.com'],
    },
  ),
  pathSecret: member(secretSchema, {
    description:
      'For `360dialog`, whose webhooks have no signature that can be relied on: the last part of the callback address, at least 22 letters, digits, `-` and `_`. Without it the daemon makes one, which the card shows.',
    example: { env: 'WHATSAPP_WEBHOOK_PATH_SECRET' },
  }),
})

/** What every part of `cloudApi` is read by, by its name. */
export const cloudApiMembers = cloudApi.shape

/** The WhatsApp Business account. */
export const cloudApiSetting = setting(cloudApi, {
  description:
    'The number of a WhatsApp Business account, for transport `cloud-api` ([how to set it up](business.md)). Each value of an account takes the place of the one above it. Secrets are read when they are used, so that a replaced one counts at once.',
  example: {
    phoneNumberId: '106540352242922',
    businessAccountId: '102290129340398',
    accessToken: { env: 'WHATSAPP_ACCESS_TOKEN' },
    appSecret: { env: 'WHATSAPP_APP_SECRET' },
  },
})

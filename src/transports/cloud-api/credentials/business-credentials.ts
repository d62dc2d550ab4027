/** What a number of a Business account is used with. Read anew for every use, so that a replaced token counts at once. */
export interface BusinessCredentials {
  provider: 'meta' | '360dialog'
  /** Empty while it is not known: then nothing can be sent, and WhatsApp is asked for it. */
  phoneNumberId: string
  businessAccountId: string | null
  accessToken: string
  /** One, two while one is replaced; none: webhooks of Meta are refused. */
  appSecrets: readonly string[]
  /** Whether a webhook without a signature is refused: at 360dialog only where somebody gave `appSecrets` for this very account. */
  demandsSignature: boolean
  verifyToken: string | null
  /** `v25.0` */
  apiVersion: string
  /** Without a slash at its end. */
  baseUrl: string
  mediaHosts: readonly string[]
  /** The last part of the callback address at 360dialog, 128 bits; `null` where there is none. */
  pathSecret: string | null
  /** Where the token comes from. */
  source: 'config' | 'environment' | 'connected'
}

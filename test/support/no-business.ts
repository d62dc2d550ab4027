import type { CloudApiConfig } from '../../src/config/cloud-api-config.ts'

/** What is in force of `cloudApi` where neither file nor environment says anything. */
export const NO_BUSINESS: CloudApiConfig = {
  provider: 'meta',
  phoneNumberId: null,
  businessAccountId: null,
  accessToken: null,
  appSecrets: null,
  verifyToken: null,
  pathSecret: null,
  apiVersion: null,
  baseUrl: 'https://graph.facebook.com',
  mediaHosts: ['lookaside.fbsbx.com'],
}

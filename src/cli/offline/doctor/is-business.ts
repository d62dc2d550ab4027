import { isCompleteBusiness } from '../../../config/cloud-api-config.ts'
import type { AccountConfig } from '../../../config/model.ts'

/** Whether the config says that the account is a number of WhatsApp Business. */
export function isBusiness({ transport, isTransportSet, cloudApi }: AccountConfig): boolean {
  return transport === 'cloud-api' || (!isTransportSet && isCompleteBusiness(cloudApi))
}

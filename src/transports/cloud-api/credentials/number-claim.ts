import type { CloudApiConfig } from '../../../config/cloud-api-config.ts'
import type { Config } from '../../../config/model.ts'
import type { NumberClaim } from '../webhook/webhook-numbers.ts'
import { ConnectionFile, type StoredConnection } from './connection-file.ts'
import { idOf } from './id-of.ts'

/** The number that settings and connection name, whether or not it can be used now; `null` where they name none. */
export function claimOf(settings: CloudApiConfig, stored: StoredConnection | null): NumberClaim | null {
  const claim = {
    phoneNumberId: idOf(settings.phoneNumberId, stored, 'phoneNumberId')?.value ?? null,
    businessAccountId: idOf(settings.businessAccountId, stored, 'businessAccountId')?.value ?? null,
  }
  return claim.phoneNumberId === null && claim.businessAccountId === null ? null : claim
}

/** Of an account whose files are closed: what cannot be read may be any number. Never throws. */
export function claimWhileClosed({ accounts }: Config, id: string, directory: string): NumberClaim | null {
  const account = accounts[id]
  if (account === undefined || (account.isTransportSet && account.transport !== 'cloud-api')) return null
  const file = new ConnectionFile(directory)
  try {
    const claim = claimOf(account.cloudApi, file.current)
    return claim === null && file.isDamaged ? ANY_NUMBER : claim
  } catch {
    return ANY_NUMBER
  }
}

const ANY_NUMBER: NumberClaim = { phoneNumberId: null, businessAccountId: null }

import type { proto } from '@whiskeysockets/baileys'
import type { LoginFailure } from '../faults/faults.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Network } from './network.ts'

const UNAUTHORIZED = 401

/** Whether a client may log in: it must still be linked, and must use the Noise key that it was linked with. */
export function authenticate(
  network: Network,
  payload: proto.ClientPayload,
  clientKey: Buffer,
): { companion: LinkedCompanion } | { failure: LoginFailure } {
  const user = String(payload.username ?? '')
  const failure = network.faults.logins.strike(`+${user}`)
  if (failure !== undefined) return { failure }
  const companion = network.directory.companion(user, payload.device ?? 0)
  if (companion === undefined || !companion.noiseKey.equals(clientKey))
    return { failure: { reason: UNAUTHORIZED } }
  return { companion }
}

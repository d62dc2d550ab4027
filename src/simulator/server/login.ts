import type { proto } from '@whiskeysockets/baileys'
import type { LoginFailure } from '../faults/faults.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { Network } from './network.ts'

const UNAUTHORIZED = 401

/**
 * Whether a client that says who it is may log in: it must be linked still, and its Noise key the one it was linked
 * with.
 */
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

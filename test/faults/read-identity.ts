import { BufferJSON } from '@whiskeysockets/baileys'
import type { DeviceIdentity } from './bot.ts'

interface StoredCredentials {
  noiseKey: { public: Uint8Array }
  signedIdentityKey: { public: Uint8Array }
}

/** The identity in credentials as Baileys' own JSON has them. Throws when they are torn. */
export function readIdentity(json: string): DeviceIdentity {
  // What is missing throws at its first use.
  const { noiseKey, signedIdentityKey } = JSON.parse(json, BufferJSON.reviver) as StoredCredentials
  return {
    noiseKey: Buffer.from(noiseKey.public).toString('base64'),
    identityKey: Buffer.from(signedIdentityKey.public).toString('base64'),
  }
}

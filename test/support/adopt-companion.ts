import { DatabaseSync } from '@photostructure/sqlite'
import { BufferJSON, type AuthenticationCreds, jidDecode, type KeyPair } from '@whiskeysockets/baileys'
import { type CompanionRegistration, LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'

/**
 * Makes the simulated WhatsApp know the link whose credentials stand in `file` (an `account.db`): a new simulator has
 * seen nobody link. Its phones are new ones under the old names: they ask again for what they cannot read.
 */
export function adoptCompanion(file: string, owner: SimulatedPhone): void {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = <Row>(sql: string): Row[] => database.prepare(sql).all() as Row[]
    const [row] = rows<{ value: string }>('SELECT value FROM credentials')
    if (row === undefined) throw new Error(`${file} holds no credentials`)
    // Written by the daemon that recorded it.
    const credentials = JSON.parse(row.value, BufferJSON.reviver) as AuthenticationCreds
    const companion = new LinkedCompanion({
      account: owner.account,
      deviceId: jidDecode(credentials.me?.id)?.device ?? 0,
      registration: registrationOf(credentials),
      linkedAtMs: Date.now(),
    })
    const preKeys = rows<{ id: string; value: string }>(
      `SELECT id, value FROM signal_keys WHERE type = 'pre-key'`,
    )
    companion.addPreKeys(
      preKeys.map(({ id, value }) => ({
        id: Number(id),
        key: publicKey(JSON.parse(value, BufferJSON.reviver)),
      })),
    )
    owner.adopt(companion)
  } finally {
    database.close()
  }
}

function registrationOf(credentials: AuthenticationCreds): CompanionRegistration {
  const { noiseKey, signedIdentityKey, registrationId, signedPreKey } = credentials
  return {
    noiseKey: publicKey(noiseKey),
    identityKey: publicKey(signedIdentityKey),
    registrationId,
    operatingSystem: 'recorded',
    signedPreKey: {
      id: signedPreKey.keyId,
      key: publicKey(signedPreKey.keyPair),
      signature: Buffer.from(signedPreKey.signature),
    },
  }
}

function publicKey(pair: KeyPair): Buffer {
  return Buffer.from(pair.public)
}

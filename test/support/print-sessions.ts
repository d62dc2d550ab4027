/**
 * A process that makes libsignal print a session: two initiations towards the same address, and a message that no
 * session can decrypt. With the argument `guarded` the console guard is installed first, and what it counted is written.
 */
import { createLogger } from '../../src/observability/log/logger.ts'
import { installConsoleGuard } from '../../src/observability/console-guard.ts'

const guard = process.argv.includes('guarded')
  ? installConsoleGuard(createLogger({ level: 'trace', format: 'json' }))
  : null

const { Curve, generateSignalPubKey, signedKeyPair } = await import('@whiskeysockets/baileys')
const { default: libsignal } = await import('libsignal')

const toSignal = (pair: { private: Uint8Array; public: Uint8Array }) => ({
  privKey: Buffer.from(pair.private),
  pubKey: Buffer.from(generateSignalPubKey(pair.public)),
})
const ours = toSignal(Curve.generateKeyPair())
const records = new Map<string, InstanceType<typeof libsignal.SessionRecord>>()
const storage = {
  loadSession: (id: string) => Promise.resolve(records.get(id)),
  storeSession: (id: string, record: InstanceType<typeof libsignal.SessionRecord>) => {
    records.set(id, record)
    return Promise.resolve()
  },
  isTrustedIdentity: () => true,
  loadPreKey: () => Promise.resolve(undefined),
  removePreKey: () => {},
  loadSignedPreKey: () => ours,
  getOurRegistrationId: () => 1,
  getOurIdentity: () => ours,
}
const address = new libsignal.ProtocolAddress('15551230101', 0)

for (let round = 0; round < 2; round++) {
  const identity = Curve.generateKeyPair()
  const signedPreKey = signedKeyPair(identity, 1)
  await new libsignal.SessionBuilder(storage, address).initOutgoing({
    registrationId: 2,
    identityKey: generateSignalPubKey(identity.public),
    signedPreKey: {
      keyId: 1,
      publicKey: generateSignalPubKey(signedPreKey.keyPair.public),
      signature: signedPreKey.signature,
    },
    preKey: { keyId: 2, publicKey: generateSignalPubKey(Curve.generateKeyPair().public) },
  })
}
await new libsignal.SessionCipher(storage, address)
  .decryptWhisperMessage(Buffer.alloc(64, 0x33))
  .catch(() => {})

if (guard !== null) process.stdout.write(`${JSON.stringify({ counts: Object.fromEntries(guard.counts) })}\n`)

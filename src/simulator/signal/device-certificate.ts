import { createHmac } from 'node:crypto'
import { proto, WA_ADV_ACCOUNT_SIG_PREFIX, WA_ADV_DEVICE_SIG_PREFIX } from '@whiskeysockets/baileys'
import { Curve, type KeyPair } from '@whiskeysockets/baileys'
import { isSignedBy } from './signature.ts'

/** A linked device's certificate as the phone issues it, sealed with the secret from the QR code. */
export interface IssuedCertificate {
  details: Uint8Array
  /** What `pair-success` carries. */
  sealed: Uint8Array
}

/** The phone vouches for a companion's identity key (ADV: "authenticated device verification"). */
export function issueDeviceCertificate(o: {
  accountKey: KeyPair
  companionIdentityKey: Uint8Array
  /** The 32 bytes that the QR code or the pairing code agreed on. */
  advSecret: Uint8Array
  keyIndex: number
  timestampSeconds: number
}): IssuedCertificate {
  const details = proto.ADVDeviceIdentity.encode({
    rawId: o.keyIndex,
    timestamp: o.timestampSeconds,
    keyIndex: o.keyIndex,
    accountType: proto.ADVEncryptionType.E2EE,
    deviceType: proto.ADVEncryptionType.E2EE,
  }).finish()
  const message = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, o.companionIdentityKey])
  const signed = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: o.accountKey.public,
    accountSignature: Curve.sign(o.accountKey.private, message),
  }).finish()
  const hmac = createHmac('sha256', o.advSecret).update(signed).digest()
  return { details, sealed: proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish() }
}

/** Whether the companion countersigned the certificate with its own identity key. */
export function isCountersigned(o: {
  certificate: proto.IADVSignedDeviceIdentity
  accountKey: Uint8Array
  companionIdentityKey: Uint8Array
}): boolean {
  const { details, deviceSignature } = o.certificate
  if (!details || !deviceSignature) return false
  const message = Buffer.concat([WA_ADV_DEVICE_SIG_PREFIX, details, o.companionIdentityKey, o.accountKey])
  return isSignedBy(o.companionIdentityKey, message, deviceSignature)
}

/** Whether the certificate in a companion's message proves that its account's phone linked it. */
export function isVouchedFor(o: {
  certificate: Uint8Array
  accountKey: Uint8Array
  companionIdentityKey: Uint8Array
}): boolean {
  const certificate = proto.ADVSignedDeviceIdentity.decode(o.certificate)
  const { details, accountSignature, accountSignatureKey } = certificate
  if (!details || !accountSignature || !accountSignatureKey) return false
  if (!Buffer.from(accountSignatureKey).equals(o.accountKey)) return false
  const message = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, o.companionIdentityKey])
  return isSignedBy(o.accountKey, message, accountSignature) && isCountersigned({ ...o, certificate })
}

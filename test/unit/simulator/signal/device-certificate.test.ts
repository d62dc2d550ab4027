import { createHmac } from 'node:crypto'
import { Curve, proto, WA_ADV_DEVICE_SIG_PREFIX } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import {
  isCountersigned,
  issueDeviceCertificate,
  isVouchedFor,
} from '../../../../src/simulator/signal/device-certificate.ts'

const account = Curve.generateKeyPair()
const companion = Curve.generateKeyPair()
const stranger = Curve.generateKeyPair()
const advSecret = Buffer.alloc(32, 7)

const issue = () =>
  issueDeviceCertificate({
    accountKey: account,
    companionIdentityKey: companion.public,
    advSecret,
    keyIndex: 3,
    timestampSeconds: 1_700_000_000,
  })

/** What the client does with its certificate: adds its own signature. */
function countersigned(signer = companion): proto.IADVSignedDeviceIdentity {
  const { details } = proto.ADVSignedDeviceIdentityHMAC.decode(issue().sealed)
  const certificate = proto.ADVSignedDeviceIdentity.decode(details ?? new Uint8Array())
  const parts = [WA_ADV_DEVICE_SIG_PREFIX, certificate.details ?? [], companion.public, account.public]
  certificate.deviceSignature = Curve.sign(
    signer.private,
    Buffer.concat(parts.map((part) => Buffer.from(part))),
  )
  return certificate
}

const vouched = (certificate: proto.IADVSignedDeviceIdentity, accountKey = account.public) =>
  isVouchedFor({
    certificate: proto.ADVSignedDeviceIdentity.encode(certificate).finish(),
    accountKey,
    companionIdentityKey: companion.public,
  })

describe('device certificates', () => {
  it('are sealed with the secret of the code', () => {
    const { details, hmac } = proto.ADVSignedDeviceIdentityHMAC.decode(issue().sealed)
    expect(Buffer.from(hmac ?? [])).toEqual(
      createHmac('sha256', advSecret)
        .update(details ?? '')
        .digest(),
    )
  })

  it('prove the account and the companion', () => {
    const certificate = countersigned()
    const o = { certificate, accountKey: account.public, companionIdentityKey: companion.public }
    expect(isCountersigned(o)).toBe(true)
    expect(vouched(certificate)).toBe(true)
  })

  it('are refused with a foreign signature, a foreign account or no countersignature', () => {
    expect(vouched(countersigned(stranger))).toBe(false)
    expect(vouched(countersigned(), stranger.public)).toBe(false)
    const { deviceSignature: _, ...unsigned } = countersigned()
    expect(vouched(unsigned)).toBe(false)
    const forged = countersigned()
    forged.accountSignature = Buffer.alloc(64, 1)
    expect(vouched(forged)).toBe(false)
  })
})

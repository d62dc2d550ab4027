import { createDecipheriv } from 'node:crypto'
import { Curve, proto } from '@whiskeysockets/baileys'
import { expect, it } from 'vitest'
import {
  handoffKey,
  handoffProof,
  pairingKey,
  prologuePayload,
  sealPairingRequest,
  verificationCode,
} from '../../../../../../src/transports/linked-device/linking/passkey/passkey-crypto.ts'

const filled = (byte: number): Buffer => Buffer.alloc(32, byte)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// Vectors on which WhatsApp Web and three independent clients agree.
const IDENTITY = `0a20${'aa'.repeat(32)}10011a06746865726566`
const COMMITMENT = '00f9e89c4e7e79ebe609fe1dcda8ce17af6aef5e9f6b18e9eefffa28949da993'
const PAYLOAD = `0a2c${IDENTITY}12220a20${COMMITMENT}`

it('commits to identity and nonce', () => {
  expect(hex(prologuePayload({ publicKey: filled(0xaa), ref: 'theref', nonce: filled(7) }))).toBe(PAYLOAD)
})

it('proves to the phone that the code was ours', () => {
  const key = handoffKey(filled(5))
  expect(hex(key)).toBe('607ce3dd367718778ae873a9284ceef672497f61f32a38121efbe73a1b6d07c7')
  expect(hex(handoffProof(key, Buffer.from(PAYLOAD, 'hex')))).toBe(
    '0d77e752ca03ccbe07979c6bce313ce1686daa258bef226c9fdf8bde429677a8',
  )
})

it('makes the eight characters that the phone shows', () => {
  const primary = { publicKey: filled(2), nonce: filled(3) }
  expect(verificationCode(filled(1), primary)).toBe('ZDETSM4S')
})

it('derives the key of the pairing request from device type and reference', () => {
  expect(hex(pairingKey(filled(9), 'REF123'))).toBe(
    '2750998edbe75a467d82c4080986eaa9281a2149a68f1a2e1d2ee7cdda81f159',
  )
})

it('seals the pairing request for the phone alone', () => {
  const [ours, phones] = [Curve.generateKeyPair(), Curve.generateKeyPair()]
  const sealed = sealPairingRequest({
    secrets: { noiseKey: filled(1), identityKey: filled(2), advSecret: filled(3) },
    keyPair: ours,
    primary: { publicKey: phones.public, nonce: filled(4) },
    ref: 'theref',
    iv: Buffer.alloc(12, 8),
  })
  const { encryptedPayload, iv } = proto.EncryptedPairingRequest.decode(sealed)
  const payload = Buffer.from(encryptedPayload ?? [])
  const key = pairingKey(Curve.sharedKey(phones.private, ours.public), 'theref')
  const decipher = createDecipheriv('aes-256-gcm', key, iv ?? Buffer.alloc(0))
  decipher.setAuthTag(payload.subarray(-16))
  const opened = Buffer.concat([decipher.update(payload.subarray(0, -16)), decipher.final()])
  const request = proto.PairingRequest.decode(opened)
  expect(
    [request.companionPublicKey, request.companionIdentityKey, request.advSecret].map((part) =>
      hex(part ?? filled(0)),
    ),
  ).toEqual([1, 2, 3].map((byte) => hex(filled(byte))))
})

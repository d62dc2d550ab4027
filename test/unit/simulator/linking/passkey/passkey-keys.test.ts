import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  commitmentTo,
  comparisonCode,
  handoffKey,
  handoffProof,
  openSealed,
  pairingKey,
} from '../../../../../src/simulator/linking/passkey/passkey-keys.ts'

const of = (byte: number): Buffer => Buffer.alloc(32, byte)
const IDENTITY = Buffer.from(`0a20${'aa'.repeat(32)}10011a06746865726566`, 'hex')
const COMMITMENT = '00f9e89c4e7e79ebe609fe1dcda8ce17af6aef5e9f6b18e9eefffa28949da993'

// Values on which three independent clients of WhatsApp agree.
describe('the keys of a link with a passkey', () => {
  it('commit to a nonce', () => {
    expect(commitmentTo(IDENTITY, of(7)).toString('hex')).toBe(COMMITMENT)
  })

  it('prove that the phone has read this client’s code', () => {
    const payload = Buffer.concat([
      Buffer.from('0a2c', 'hex'),
      IDENTITY,
      Buffer.from(`12220a20${COMMITMENT}`, 'hex'),
    ])
    const key = handoffKey(of(5))
    expect(key.toString('hex')).toBe('607ce3dd367718778ae873a9284ceef672497f61f32a38121efbe73a1b6d07c7')
    expect(handoffProof(key, payload).toString('hex')).toBe(
      '0d77e752ca03ccbe07979c6bce313ce1686daa258bef226c9fdf8bde429677a8',
    )
  })

  it('give the code to compare', () => {
    const code = comparisonCode({ companionNonce: of(1), primaryPublicKey: of(2), primaryNonce: of(3) })
    expect(code).toBe('ZDETSM4S')
  })

  it('seal the pairing request', () => {
    const key = pairingKey(of(9), 1, 'REF123')
    expect(key.toString('hex')).toBe('2750998edbe75a467d82c4080986eaa9281a2149a68f1a2e1d2ee7cdda81f159')
    const iv = Buffer.alloc(12, 4)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    const sealed = Buffer.concat([cipher.update('request'), cipher.final(), cipher.getAuthTag()])
    expect(openSealed(key, iv, sealed).toString()).toBe('request')
    expect(() => openSealed(pairingKey(of(9), 2, 'REF123'), iv, sealed)).toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { checkAssertion } from '../../../../../src/simulator/linking/passkey/check-assertion.ts'
import {
  type AssertionJson,
  Passkey,
  type SignOptions,
} from '../../../../../src/simulator/linking/passkey/passkey.ts'

const CHALLENGE = Buffer.alloc(32, 1).toString('base64url')
const mine = Passkey.create()
const foreign = Passkey.create()

function check(assertion: unknown, passkey = mine, credentialId = passkey.credentialId): Passkey {
  return checkAssertion({
    assertion: Buffer.from(typeof assertion === 'string' ? assertion : JSON.stringify(assertion)),
    credentialId,
    passkeys: [mine],
    takes: (challenge) => challenge === CHALLENGE,
  })
}
const changed = (change: Partial<AssertionJson['response']>): AssertionJson => {
  const assertion = mine.sign(CHALLENGE)
  return { ...assertion, response: { ...assertion.response, ...change } }
}

describe('checkAssertion', () => {
  it('takes what a browser signs, also of a passkey that is kept in the account and does not count', () => {
    const passkey = new Passkey({ ...mine.record, signCount: 0 })
    const takes = (o: SignOptions): Passkey =>
      checkAssertion({
        assertion: Buffer.from(JSON.stringify(passkey.sign(CHALLENGE, o))),
        credentialId: passkey.credentialId,
        passkeys: [passkey],
        takes: () => true,
      })
    expect(takes({ flags: 0x1d, signCount: 0 }).signCount).toBe(0)
    expect(takes({ signCount: 7 }).signCount).toBe(7)
    expect(() => takes({ signCount: 7 })).toThrow('counter')
    expect(takes({}).signCount).toBe(8)
  })

  it.each<[string, SignOptions, string]>([
    ['another origin', { origin: 'https://web.whatsapp.com.example' }, 'origin'],
    ['another relying party', { relyingParty: 'example.com' }, 'relying party'],
    ['the making of a passkey', { type: 'webauthn.create' }, 'type'],
    ['nobody there', { flags: 0x04 }, 'present'],
    ['nobody verified', { flags: 0x01 }, 'verified'],
    ['flags that contradict each other', { flags: 0x15 }, 'backup'],
  ])('refuses %s', (_, options, reason) => {
    expect(() => check(mine.sign(CHALLENGE, options))).toThrow(reason)
  })

  it.each<[string, () => unknown, string]>([
    ['another challenge', () => mine.sign(Buffer.alloc(32, 2).toString('base64url')), 'challenge'],
    [
      'a signature over something else',
      () => changed({ signature: foreign.sign(CHALLENGE).response.signature }),
      'signature',
    ],
    ['another user', () => changed({ userHandle: 'AAAA' }), 'another user'],
    ['authenticator data that is cut off', () => changed({ authenticatorData: 'AAAA' }), 'too short'],
    ['padding', () => changed({ signature: `${mine.sign(CHALLENGE).response.signature}==` }), 'assertion'],
    [
      'keys that WhatsApp Web drops',
      () => ({ ...mine.sign(CHALLENGE), clientExtensionResults: {} }),
      'assertion',
    ],
    ['a missing key', () => ({ ...mine.sign(CHALLENGE), rawId: undefined }), 'assertion'],
    ['what is no JSON', () => '{', 'no JSON'],
  ])('refuses %s', (_, assertion, reason) => {
    expect(() => check(assertion())).toThrow(reason)
  })

  it('refuses a passkey of another account, and an id that differs from the one beside it', () => {
    expect(() => check(foreign.sign(CHALLENGE), foreign)).toThrow('no such passkey')
    expect(() => check(mine.sign(CHALLENGE), mine, foreign.credentialId)).toThrow('differ')
  })
})

describe('Passkey', () => {
  it('is the same after it was kept, and takes keys of P-256 only', () => {
    const kept = new Passkey(mine.record)
    expect(() => check(kept.sign(CHALLENGE, { signCount: 99 }))).not.toThrow()
    const elsewhere = new Passkey({ ...mine.record, privateKey: undefined })
    expect(() => elsewhere.sign(CHALLENGE)).toThrow('not here')
  })
})

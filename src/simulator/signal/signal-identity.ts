import { Curve, type KeyPair, type SignedKeyPair, signedKeyPair } from '@whiskeysockets/baileys'
import type { KeyBundle } from './key-bundle.ts'

const SIGNED_PRE_KEY_ID = 1
/** Bundles that were handed out and never used are forgotten beyond this many. */
const PRE_KEY_LIMIT = 1000

/** The Signal keys of one simulated phone. Its identity key is also the account key that signs linked devices. */
export class SignalIdentity {
  readonly registrationId: number
  #identity: KeyPair
  #signedPreKey: SignedKeyPair
  readonly #preKeys = new Map<number, KeyPair>()
  #nextPreKeyId = 1

  constructor(registrationId: number, identity: KeyPair = Curve.generateKeyPair()) {
    this.#identity = identity
    this.#signedPreKey = signedKeyPair(identity, SIGNED_PRE_KEY_ID)
    this.registrationId = registrationId
  }

  get identity(): KeyPair {
    return this.#identity
  }

  get signedPreKey(): SignedKeyPair {
    return this.#signedPreKey
  }

  /** New keys, as of a phone that was set up again; the former ones read nothing any more. */
  renew(): void {
    this.#identity = Curve.generateKeyPair()
    this.#signedPreKey = signedKeyPair(this.#identity, SIGNED_PRE_KEY_ID)
    this.#preKeys.clear()
  }

  /** Public keys for one session, without a one-time key: as a phone whose stock of them has run out. */
  takeLastBundle(): KeyBundle {
    return { ...this.#lastingKeys(), preKey: undefined }
  }

  /** Fresh public keys for one session: every one-time key is handed out once. */
  takeBundle(): KeyBundle {
    const id = this.#nextPreKeyId++
    const preKey = Curve.generateKeyPair()
    this.#preKeys.set(id, preKey)
    if (this.#preKeys.size > PRE_KEY_LIMIT) this.#preKeys.delete(id - PRE_KEY_LIMIT)
    return { ...this.#lastingKeys(), preKey: { id, key: preKey.public } }
  }

  #lastingKeys(): Omit<KeyBundle, 'preKey'> {
    return {
      registrationId: this.registrationId,
      identityKey: this.identity.public,
      signedPreKey: {
        id: SIGNED_PRE_KEY_ID,
        key: this.signedPreKey.keyPair.public,
        signature: this.signedPreKey.signature,
      },
    }
  }

  preKey(id: number): KeyPair | undefined {
    return this.#preKeys.get(id)
  }

  /** A one-time key is gone after its first use. */
  consumePreKey(id: number): void {
    this.#preKeys.delete(id)
  }
}

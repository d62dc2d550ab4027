import { generateSignalPubKey, type KeyPair } from '@whiskeysockets/baileys'
import {
  ProtocolAddress,
  SessionBuilder,
  SessionCipher,
  type SessionRecord,
  type SignalStorage,
} from 'libsignal'
import { type KeyBundle, signalBundle } from './key-bundle.ts'
import { QuietSessionCipher } from './quiet-session-cipher.ts'
import { QuietSessionRecord } from './quiet-session-record.ts'
import type { SignalIdentity } from './signal-identity.ts'

const PRE_KEY_MESSAGE = 3

/** The kinds of one-to-one ciphertext: the first messages of a session carry its keys. */
export type CiphertextType = 'pkmsg' | 'msg'

/** Another device as a session partner. */
export interface SessionPartner {
  /** Identifies the device; a device that is linked again gets a new key. */
  readonly key: string
  /** 32 bytes, as the server registered it: a message under another identity is refused. */
  readonly identityKey: Uint8Array
  takeBundle(): KeyBundle
}

const signalKeyPair = (pair: KeyPair) => ({
  privKey: Buffer.from(pair.private),
  pubKey: Buffer.from(generateSignalPubKey(pair.public)),
})

/** One phone's Signal sessions with other devices: real ratchets, kept in memory. */
export class SignalSessions {
  readonly #owner: string
  readonly #identity: SignalIdentity
  readonly #records = new Map<string, SessionRecord>()
  readonly #partners = new Map<string, SessionPartner>()
  readonly #storage: SignalStorage

  constructor(owner: string, identity: SignalIdentity) {
    this.#owner = owner
    this.#identity = identity
    this.#storage = this.#makeStorage()
  }

  async encrypt(
    partner: SessionPartner,
    plaintext: Uint8Array,
  ): Promise<{ type: CiphertextType; body: Buffer }> {
    const address = this.#address(partner)
    const stored = this.#records.get(address.toString())
    if (stored === undefined || !stored.haveOpenSession()) await this.#begin(partner, address)
    const { type, body } = await new SessionCipher(this.#storage, address).encrypt(Buffer.from(plaintext))
    return { type: type === PRE_KEY_MESSAGE ? 'pkmsg' : 'msg', body: Buffer.from(body, 'binary') }
  }

  /** Throws where the session, a one-time key or the ratchet step is missing, and where the MAC is wrong. */
  async decrypt(partner: SessionPartner, type: CiphertextType, ciphertext: Uint8Array): Promise<Buffer> {
    const cipher = new QuietSessionCipher(this.#storage, this.#address(partner))
    const body = Buffer.from(ciphertext)
    return type === 'pkmsg' ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body)
  }

  /** Begins a new session with the next message; the old one still reads what is on its way. */
  async renew(partner: SessionPartner): Promise<void> {
    await this.#begin(partner, this.#address(partner))
  }

  /** Loses the session, as a phone does that was restored from a backup. */
  forget(partner: SessionPartner): void {
    this.#records.delete(this.#address(partner).toString())
  }

  /** Loses all sessions, as a phone does that was set up again. */
  forgetAll(): void {
    this.#records.clear()
  }

  #begin(partner: SessionPartner, address: ProtocolAddress): Promise<void> {
    // libsignal begins a session without a one-time key too, though its types require one.
    const bundle = signalBundle(partner.takeBundle()) as Parameters<SessionBuilder['initOutgoing']>[0]
    return new SessionBuilder(this.#storage, address).initOutgoing(bundle)
  }

  /**
   * The owner is part of the address, which never leaves this process: libsignal queues all work on equal addresses,
   * also that of a Baileys client in the same process.
   */
  #address(partner: SessionPartner): ProtocolAddress {
    const name = `${this.#owner}>${partner.key}`
    this.#partners.set(name, partner)
    return new ProtocolAddress(name, 0)
  }

  #makeStorage(): SignalStorage {
    return {
      loadSession: async (id) => {
        const stored = this.#records.get(id)
        return stored === undefined ? null : QuietSessionRecord.copyOf(stored)
      },
      storeSession: async (id, record) => {
        this.#records.set(id, record)
      },
      isTrustedIdentity: (id, identityKey) => {
        const partner = this.#partners.get(id.endsWith('.0') ? id.slice(0, -2) : id)
        return (
          partner !== undefined && Buffer.from(identityKey).equals(generateSignalPubKey(partner.identityKey))
        )
      },
      loadPreKey: async (id) => {
        const pair = this.#identity.preKey(Number(id))
        return pair === undefined ? undefined : signalKeyPair(pair)
      },
      removePreKey: (id) => this.#identity.consumePreKey(id),
      loadSignedPreKey: () => signalKeyPair(this.#identity.signedPreKey.keyPair),
      getOurRegistrationId: () => this.#identity.registrationId,
      getOurIdentity: () => signalKeyPair(this.#identity.identity),
    }
  }
}

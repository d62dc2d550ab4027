import type { Account } from '../server/account.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import type { Network } from '../server/network.ts'
import { parseLinkingQr } from '../linking/qr-code.ts'
import type { SignalIdentity } from '../signal/signal-identity.ts'

/** "Linked devices" on a phone: links clients to its account and unlinks them. */
export class PhoneLinking {
  readonly #network: Network
  readonly #account: Account
  readonly #identity: SignalIdentity

  constructor(o: { network: Network; account: Account; identity: SignalIdentity }) {
    this.#network = o.network
    this.#account = o.account
    this.#identity = o.identity
  }

  /** Whether a client asks to be linked to this number by code. */
  get isAsked(): boolean {
    return this.#network.linking.isAsking(this.#account.user)
  }

  /** Throws when the code is not one of WhatsApp's, is unknown or has expired, or shows another client's keys. */
  async scan(qr: string): Promise<LinkedCompanion> {
    const { ref, identityKey, noiseKey, advSecret } = parseLinkingQr(qr)
    const registration = this.#network.linking.byRef(ref)
    const { client } = registration
    if (!client.identityKey.equals(identityKey) || !client.noiseKey.equals(noiseKey)) {
      throw new Error('this code carries other keys than the client that it names')
    }
    return registration.pair(this.#account, this.#identity, advSecret)
  }

  /** Accepts dashes, blanks and small letters. Throws when the code is wrong or no client asks for this number. */
  async enterCode(code: string): Promise<LinkedCompanion> {
    const registration = this.#network.linking.byAccount(this.#account.user)
    const secret = await registration.codes.agree(code.replace(/[\s-]/g, '').toUpperCase(), this.#identity)
    return registration.pair(this.#account, this.#identity, secret)
  }

  /** Ends the links; open sockets get a stream error. */
  remove(companions: readonly LinkedCompanion[]): void {
    for (const companion of companions) {
      companion.unlink()
      this.#network.router.announceDevice(companion, 'remove')
    }
    this.#network.changed()
  }
}

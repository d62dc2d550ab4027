import type { Account } from '../server/account.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import type { Network } from '../server/network.ts'
import type { PasskeyDemand } from '../faults/passkey-demand.ts'
import { parseLinkingQr } from '../linking/qr-code.ts'
import type { CeremonyView } from '../linking/passkey/passkey-ceremony.ts'
import type { Consent, Registration } from '../linking/registration.ts'
import type { SignalIdentity } from '../signal/signal-identity.ts'

/** "Linked devices" on a phone: links clients to its account and unlinks them. */
export class PhoneLinking {
  readonly #network: Network
  readonly #account: Account
  readonly #identity: SignalIdentity
  #registration: Registration | undefined

  constructor(o: { network: Network; account: Account; identity: SignalIdentity }) {
    this.#network = o.network
    this.#account = o.account
    this.#identity = o.identity
  }

  /** Whether a client asks to be linked to this number by code. */
  get isAsked(): boolean {
    return this.#network.linking.isAsking(this.#account.user)
  }

  /** What the phone shows of a link with a passkey, while there is one. */
  get ceremony(): CeremonyView | undefined {
    return this.#registration?.ceremony?.view
  }

  /** The challenge that waits to be signed, base64url. */
  get challenge(): string | undefined {
    return this.#registration?.ceremony?.challenge
  }

  /** Throws when the code is not one of WhatsApp's, is unknown or has expired, or shows another client's keys. */
  async scan(qr: string): Promise<LinkedCompanion> {
    const { ref, identityKey, noiseKey, advSecret } = parseLinkingQr(qr)
    const registration = this.#network.linking.byRef(ref)
    const { client } = registration
    if (!client.identityKey.equals(identityKey) || !client.noiseKey.equals(noiseKey)) {
      throw new Error('this code carries other keys than the client that it names')
    }
    return this.#pair(registration, { advSecret, demand: this.#demand() })
  }

  /** Accepts dashes, blanks and small letters. Throws when the code is wrong or no client asks for this number. */
  async enterCode(code: string): Promise<LinkedCompanion> {
    const registration = this.#network.linking.byAccount(this.#account.user)
    const demand = this.#demand()
    if (demand?.beforeFinish === true) {
      registration.codes.announceOnly(this.#identity)
      return this.#pair(registration, { advSecret: undefined, demand })
    }
    const advSecret = await registration.codes.agree(code.replace(/[\s-]/g, '').toUpperCase(), this.#identity)
    return this.#pair(registration, { advSecret, demand })
  }

  #pair(
    registration: Registration,
    consent: Pick<Consent, 'advSecret' | 'demand'>,
  ): Promise<LinkedCompanion> {
    this.#registration = registration
    return registration.pair({ account: this.#account, identity: this.#identity, ...consent })
  }

  /** An account that has passkeys is asked for one; a fault demands one of any account. */
  #demand(): PasskeyDemand | undefined {
    const fault = this.#network.faults.passkeyDemands.strike(this.#account.phoneNumber)
    return fault ?? (this.#account.passkeys.length > 0 ? {} : undefined)
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

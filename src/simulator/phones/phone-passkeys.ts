import type { CeremonyView } from '../linking/passkey/passkey-ceremony.ts'
import {
  type AssertionJson,
  Passkey,
  type PasskeyRecord,
  type SignOptions,
} from '../linking/passkey/passkey.ts'
import type { Account } from '../server/account.ts'
import type { Network } from '../server/network.ts'
import type { PhoneLinking } from './phone-linking.ts'

/** How many passkeys an account has at most. */
const MOST = 10

/** "Passkeys" on a phone. An account that has some is asked for one of them whenever a client is linked. */
export class PhonePasskeys {
  readonly #deps: { network: Network; account: Account; linking: PhoneLinking }

  constructor(deps: { network: Network; account: Account; linking: PhoneLinking }) {
    this.#deps = deps
  }

  get all(): readonly Passkey[] {
    return this.#deps.account.passkeys
  }

  /** A new one, whose `record` goes into a browser's authenticator. Throws when there are too many. */
  create(): Passkey {
    return this.#add(Passkey.create(this.#deps.network.random))
  }

  /** Takes one that a browser has made with `navigator.credentials.create`. Throws when its key is not one of P-256. */
  register(record: PasskeyRecord): Passkey {
    return this.#add(new Passkey(record))
  }

  /** Takes all of them away: a link needs none from now on. */
  removeAll(): void {
    this.#deps.account.passkeys.length = 0
    this.#deps.network.changed()
  }

  /** What the phone shows of a link with a passkey, while there is one. */
  get ceremony(): CeremonyView | undefined {
    return this.#deps.linking.ceremony
  }

  /**
   * What a browser answers on WhatsApp's page with this phone's first passkey: to the open challenge, or to another one.
   * Throws when there is no challenge or no passkey.
   */
  sign({
    challenge = this.#deps.linking.challenge,
    ...options
  }: SignOptions & { challenge?: string } = {}): AssertionJson {
    const [passkey] = this.all
    if (passkey === undefined) throw new Error('this phone has no passkey')
    if (challenge === undefined) throw new Error('nobody asks this phone for its passkey')
    return passkey.sign(challenge, options)
  }

  #add(passkey: Passkey): Passkey {
    const { account, network } = this.#deps
    if (account.passkeys.length >= MOST) throw new Error(`a phone has ${MOST} passkeys at most`)
    account.passkeys.push(passkey)
    network.changed()
    return passkey
  }
}

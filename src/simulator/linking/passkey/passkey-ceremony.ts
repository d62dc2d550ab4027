import { Curve, proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { PasskeyDemand, PasskeyStep } from '../../faults/passkey-demand.ts'
import { type Environment, seconds } from '../../server/environment.ts'
import type { CompanionRegistration } from '../../server/linked-companion.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { bytes, child, iqError, iqResult, stanza } from '../../wire/stanza.ts'
import { Challenges } from './challenges.ts'
import { checkAssertion } from './check-assertion.ts'
import type { Passkey } from './passkey.ts'
import { comparisonCode, handoffKey } from './passkey-keys.ts'
import { type PhoneKeys, openPairingRequest } from './pairing-request.ts'
import { type Prologue, readPrologue } from './prologue.ts'

/** How long each side waits for the next step of the other, once the assertion is taken. */
const STEP_TIMEOUT_MS = 120_000
/** How long the phone shows "Continue on WhatsApp Web". */
const DEMAND_TIMEOUT_MS = 600_000
/** How long the phone keeps what it knows from the code that it has read. */
const HANDOFF_LIFETIME_MS = 300_000
const REF_BYTES = 48
const KEY_BYTES = 32

/** What the phone shows: `asked`: continue in the browser; `checking`: linking; `code`: a code to compare. */
export interface CeremonyView {
  step: 'asked' | 'checking' | 'code'
  /** `XXXX-XXXX`, as the phone shows it. */
  code: string | null
}

export interface CeremonyInput {
  network: Pick<Environment, 'now' | 'random' | 'changed'>
  link: { send(stanza: Stanza): void; hangUp(): void }
  client: CompanionRegistration
  /** Of the account; what is not among them is refused. */
  passkeys: readonly Passkey[]
  /** The secret that the phone has read from the QR code or agreed on by code; `undefined` where it knows none. */
  secret: Uint8Array | undefined
  demand: PasskeyDemand
}

/**
 * Linking with a passkey, the sides of the server and of the phone: the demand, the client's assertion, the agreement on
 * keys with a code to compare, and the client's pairing request.
 *
 * Source: the published modules of WhatsApp Web (`WAWebShortcakeLinking*`, `WASmaxMd*`), whatsmeow `pair-passkey.go`,
 * zapo `WaShortcakeFlow.ts`. The codes of refusals are not known of WhatsApp.
 */
export class PasskeyCeremony {
  readonly #o: CeremonyInput
  readonly #challenges: Challenges
  readonly #handoff: { key: Buffer; expiresAtMs: number } | undefined
  readonly #steps: ReadonlyMap<string, [PasskeyStep, (iq: Stanza) => void]> = new Map([
    ['passkey_request_options', ['options', (iq: Stanza) => this.#options(iq)]],
    ['ref', ['ref', (iq: Stanza) => this.#giveRef(iq)]],
    ['passkey_prologue', ['prologue', (iq: Stanza) => this.#prologue(iq)]],
    ['companion_nonce', ['nonce', (iq: Stanza) => this.#nonce(iq)]],
    ['encrypted_pairing_request', ['pairing', (iq: Stanza) => this.#pairingRequest(iq)]],
  ])
  #view: CeremonyView = { step: 'asked', code: null }
  #ref: string | undefined
  #taken: Prologue | undefined
  #phoneKeys: PhoneKeys | undefined
  #hasNonce = false
  #timer: NodeJS.Timeout | undefined
  #settle: { resolve: (advSecret: Buffer) => void; reject: (error: Error) => void } | undefined

  constructor(o: CeremonyInput) {
    this.#o = o
    this.#challenges = new Challenges(o.network, o.demand.challengeLifetimeMs)
    this.#handoff = o.secret && {
      key: handoffKey(o.secret),
      expiresAtMs: o.network.now() + HANDOFF_LIFETIME_MS,
    }
  }

  get view(): CeremonyView {
    return this.#view
  }

  /** The challenge that waits for its answer, base64url. */
  get challenge(): string | undefined {
    return this.#challenges.open
  }

  /** Demands the passkey. Resolves with the secret that seals the client's certificate; rejects when it comes to nothing. */
  run(): Promise<Buffer> {
    return new Promise<Buffer>((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#expect(DEMAND_TIMEOUT_MS, 'nobody answered the demanded passkey')
      this.#demand()
      if (this.#o.demand.twice === true) this.#demand()
      if (this.#o.demand.closesAt === 'demand') this.#o.link.hangUp()
      this.#o.network.changed()
    }).finally(() => this.stop())
  }

  /** Takes a step of the client. One that is not due is refused. */
  receive(iq: Stanza): void {
    const [name, step] = this.#steps.get(child(iq)?.tag ?? '') ?? []
    if (name !== undefined && name === this.#o.demand.closesAt) return this.#o.link.hangUp()
    if (step === undefined || this.#settle === undefined) return this.#refuse(iq, 400)
    step(iq)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#settle?.reject(new Error('the client hung up while it was being linked'))
    this.#settle = undefined
  }

  #demand(): void {
    const options = this.#challenges.issue()
    const content = stanza('passkey_request_options', {}, options)
    this.#notify('passkey_prologue_request', this.#o.demand.withoutOptions === true ? undefined : [content])
  }

  #options(iq: Stanza): void {
    if (this.#taken !== undefined) return this.#refuse(iq, 400)
    this.#o.link.send(iqResult(iq, [stanza('passkey_request_options', {}, this.#challenges.issue())]))
  }

  #giveRef(iq: Stanza): void {
    this.#ref = this.#o.network.random(REF_BYTES).toString('base64')
    this.#o.link.send(iqResult(iq, [stanza('ref', {}, Buffer.from(this.#ref))]))
  }

  #prologue(iq: Stanza): void {
    const prologue = child(iq, 'passkey_prologue')
    if (this.#taken !== undefined || this.#ref === undefined) return this.#refuse(iq, 400)
    try {
      checkAssertion({
        assertion: bytes(child(prologue, 'webauthn_assertion')),
        credentialId: bytes(child(prologue, 'credential_id')),
        passkeys: this.#o.passkeys,
        takes: (challenge) => this.#challenges.use(challenge),
      })
      const isFresh = this.#handoff !== undefined && this.#o.network.now() < this.#handoff.expiresAtMs
      this.#taken = readPrologue(prologue, {
        ref: this.#ref,
        handoffKey: isFresh ? this.#handoff?.key : undefined,
        hasHandoff: this.#handoff !== undefined,
      })
    } catch {
      return this.#refuse(iq, 401)
    }
    this.#o.link.send(iqResult(iq))
    this.#show({ step: 'checking', code: null })
    this.#expect(STEP_TIMEOUT_MS, 'the client did not go on after its assertion')
    if (this.#o.demand.silent !== true) this.#continue()
  }

  #continue(): void {
    const { random } = this.#o.network
    const ephemeral = Curve.generateKeyPair()
    this.#phoneKeys = { ephemeral, nonce: random(KEY_BYTES) }
    const identity = proto.PrimaryEphemeralIdentity.encode({
      publicKey: this.#publicKey(ephemeral.public),
      nonce: this.#phoneKeys.nonce,
    }).finish()
    this.#notify('crsc_continuation', [stanza('primary_ephemeral_identity', {}, identity)])
    if (this.#o.demand.closesAt === 'continuation') this.#o.link.hangUp()
  }

  #nonce(iq: Stanza): void {
    const nonce = bytes(child(iq, 'companion_nonce'))
    const [taken, keys] = [this.#taken, this.#phoneKeys]
    if (taken === undefined || keys === undefined || this.#hasNonce) return this.#refuse(iq, 400)
    if (!taken.isCommittedTo(nonce)) return this.#giveUp(iq, 'the client had committed to another nonce')
    this.#hasNonce = true
    this.#o.link.send(iqResult(iq))
    if (!taken.isProven) this.#show({ step: 'code', code: this.#shownCode(nonce, keys) })
    this.#expect(STEP_TIMEOUT_MS, 'nobody confirmed the code')
  }

  #pairingRequest(iq: Stanza): void {
    const [taken, keys] = [this.#taken, this.#phoneKeys]
    if (taken === undefined || keys === undefined || !this.#hasNonce) return this.#refuse(iq, 400)
    const sealed = bytes(child(iq, 'encrypted_pairing_request'))
    try {
      const advSecret = openPairingRequest({ sealed, keys, companion: taken, client: this.#o.client })
      this.#o.link.send(iqResult(iq))
      this.#settle?.resolve(advSecret)
    } catch (error) {
      this.#giveUp(iq, String(error))
    }
  }

  #shownCode(companionNonce: Buffer, { ephemeral, nonce }: PhoneKeys): string {
    // Where somebody is in between, the phone has agreed with them, on other keys.
    const primaryNonce = this.#o.demand.codesDiffer === true ? this.#o.network.random(KEY_BYTES) : nonce
    const code = comparisonCode({ companionNonce, primaryNonce, primaryPublicKey: ephemeral.public })
    return `${code.slice(0, 4)}-${code.slice(4)}`
  }

  #publicKey(key: Uint8Array): Uint8Array {
    const { primaryKeyBytes = KEY_BYTES } = this.#o.demand
    return primaryKeyBytes === KEY_BYTES ? key : this.#o.network.random(primaryKeyBytes)
  }

  #notify(type: string, content: Stanza[] | undefined): void {
    const { network, demand } = this.#o
    const id = network.random(8).toString('hex')
    const from = demand.from ?? S_WHATSAPP_NET
    this.#o.link.send(stanza('notification', { from, type, id, t: seconds(network) }, content))
  }

  #refuse(iq: Stanza, code: 400 | 401): void {
    this.#o.link.send(iqError(iq, code, code === 400 ? 'bad-request' : 'not-authorized'))
  }

  #giveUp(iq: Stanza, reason: string): void {
    this.#refuse(iq, 400)
    this.#settle?.reject(new Error(reason))
  }

  #show(view: CeremonyView): void {
    this.#view = view
    this.#o.network.changed()
  }

  #expect(timeoutMs: number, otherwise: string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#settle?.reject(new Error(otherwise)), timeoutMs)
  }
}

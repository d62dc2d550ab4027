import { Curve, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Directory } from '../server/directory.ts'
import { type Environment, seconds } from '../server/environment.ts'
import { agreeOnSecret, unwrapEphemeralKey, wrapEphemeralKey } from './pairing-code.ts'
import type { SignalIdentity } from '../signal/signal-identity.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, iqError, iqResult, stanza, text } from '../wire/stanza.ts'

const CODE_LIFETIME_MS = 180_000
const FINISH_TIMEOUT_MS = 20_000
const WRAPPED_KEY_BYTES = 80
/** Browser and system; another system is refused: `Chrome (Windows)` is taken and `Chrome (Acme)` is not (Baileys#2769). */
const DISPLAY_NAME = /^\S.* \((?:Mac OS|Windows|Ubuntu|Linux)\)$/

type CodePairingNetwork = Pick<Environment, 'now' | 'random' | 'changed'> & { directory: Directory }

interface CodeRequest {
  /** Digits of the number that the client wants to be linked to. */
  user: string
  ref: Buffer
  wrappedKey: Buffer
  expiresAtMs: number
}

interface Finish {
  resolve: (request: Stanza) => void
  reject: (error: Error) => void
}

/** Linking by a code that a person types on the phone: WhatsApp's `link_code_companion_reg`, both halves. */
export class CodePairing {
  readonly #network: CodePairingNetwork
  readonly #clientIdentityKey: Buffer
  readonly #send: (stanza: Stanza) => void
  #request: CodeRequest | undefined
  #finish: Finish | undefined

  constructor(network: CodePairingNetwork, link: { send(stanza: Stanza): void }, clientIdentityKey: Buffer) {
    this.#network = network
    this.#clientIdentityKey = clientIdentityKey
    this.#send = (node) => link.send(node)
  }

  /** The client's open request, if it made one and it still holds. */
  get request(): CodeRequest | undefined {
    return this.#request !== undefined && this.#network.now() < this.#request.expiresAtMs
      ? this.#request
      : undefined
  }

  /** Takes the client's first or last step. */
  receive(iq: Stanza): void {
    const step = child(iq, 'link_code_companion_reg')
    if (step?.attrs.stage === 'companion_hello') this.#hello(iq, step)
    else if (step?.attrs.stage === 'companion_finish' && this.#finish !== undefined) this.#finish.resolve(iq)
    else this.#send(iqError(iq, 400, 'bad-request'))
  }

  /** A phone that demands a passkey before anything was agreed: the answer comes without its ephemeral key. */
  announceOnly(identity: SignalIdentity): void {
    if (this.request === undefined) throw new Error('the code has expired')
    this.#send(this.#primaryHello(this.request, undefined, identity))
  }

  /** The phone's part: resolves with the secret that seals the certificate. Throws when the code is wrong. */
  async agree(code: string, identity: SignalIdentity): Promise<Buffer> {
    const request = this.request
    if (request === undefined) throw new Error('the code has expired')
    const companionEphemeralKey = await unwrapEphemeralKey(code, request.wrappedKey)
    const ephemeral = Curve.generateKeyPair()
    const wrapped = await wrapEphemeralKey(code, ephemeral.public, this.#network.random)
    const answer = this.#finished()
    this.#send(this.#primaryHello(request, wrapped, identity))
    const finish = await answer
    const step = child(finish, 'link_code_companion_reg')
    try {
      const secret = agreeOnSecret({
        ephemeral,
        identity: identity.identity,
        companionEphemeralKey,
        companionIdentityKey: this.#clientIdentityKey,
        sealedBundle: bytes(child(step, 'link_code_pairing_wrapped_key_bundle')),
      })
      this.#send(iqResult(finish))
      this.#request = undefined
      return secret
    } catch (cause) {
      this.#send(iqError(finish, 400, 'bad-request'))
      throw new Error('wrong code', { cause })
    }
  }

  stop(): void {
    this.#finish?.reject(new Error('the client hung up while it was being linked'))
  }

  #hello(iq: Stanza, step: Stanza): void {
    const wrappedKey = bytes(child(step, 'link_code_pairing_wrapped_companion_ephemeral_pub'))
    const user = (step.attrs.jid ?? '').split('@')[0] ?? ''
    const isKnown = this.#network.directory.account(step.attrs.jid) !== undefined
    const hasName = DISPLAY_NAME.test(text(child(step, 'companion_platform_display')))
    if (!isKnown || !hasName || wrappedKey.length !== WRAPPED_KEY_BYTES) {
      this.#send(iqError(iq, 400, 'bad-request'))
      return
    }
    const ref = this.#network.random(32)
    this.#request = { user, ref, wrappedKey, expiresAtMs: this.#network.now() + CODE_LIFETIME_MS }
    const answer = stanza('link_code_companion_reg', { stage: 'companion_hello' }, [
      stanza('link_code_pairing_ref', {}, ref),
    ])
    this.#send(iqResult(iq, [answer]))
    this.#network.changed()
  }

  #primaryHello(request: CodeRequest, wrapped: Uint8Array | undefined, identity: SignalIdentity): Stanza {
    const id = this.#network.random(8).toString('hex')
    const attributes = {
      from: S_WHATSAPP_NET,
      type: 'link_code_companion_reg',
      id,
      t: seconds(this.#network),
    }
    const content = stanza('link_code_companion_reg', { stage: 'primary_hello' }, [
      ...(wrapped ? [stanza('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped)] : []),
      stanza('primary_identity_pub', {}, identity.identity.public),
      stanza('link_code_pairing_ref', {}, request.ref),
    ])
    return stanza('notification', attributes, [content])
  }

  #finished(): Promise<Stanza> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#finish?.reject(new Error('the client did not finish its pairing')),
        FINISH_TIMEOUT_MS,
      )
      const settle = (): void => {
        clearTimeout(timer)
        this.#finish = undefined
      }
      this.#finish = {
        resolve: (iq) => (settle(), resolve(iq)),
        reject: (error) => (settle(), reject(error)),
      }
    })
  }
}

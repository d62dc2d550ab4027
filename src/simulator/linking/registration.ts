import { generateSignalPubKey, KEY_BUNDLE_TYPE, proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import { CodePairing } from './code-pairing.ts'
import type { PasskeyDemand } from '../faults/passkey-demand.ts'
import { PasskeyCeremony } from './passkey/passkey-ceremony.ts'
import { isCountersigned, issueDeviceCertificate } from '../signal/device-certificate.ts'
import { type CompanionRegistration, LinkedCompanion } from '../server/linked-companion.ts'
import type { Directory } from '../server/directory.ts'
import { type Environment, seconds } from '../server/environment.ts'
import type { MessageRouter } from '../server/message-router.ts'
import type { SignalIdentity } from '../signal/signal-identity.ts'
import { isSignedBy } from '../signal/signature.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, iqError, stanza } from '../wire/stanza.ts'

const FIRST_QR_LIFETIME_MS = 60_000
const NEXT_QR_LIFETIME_MS = 20_000
const REF_BYTES = 48
const COUNTERSIGN_TIMEOUT_MS = 20_000

/** How a registration reaches its client. */
export interface RegistrationLink {
  send(stanza: Stanza): void
  /** The restart (515) that ends linking. */
  restart(): void
  /** Ends the connection without a word. */
  hangUp(): void
}

interface RegistrationNetwork extends Environment {
  directory: Directory
  router: MessageRouter
}

/** What the phone links a client with. */
export interface Consent {
  account: Account
  identity: SignalIdentity
  /** From the QR code or the pairing code; `undefined` where the phone learned none. */
  advSecret: Uint8Array | undefined
  /** Set where the account demands a passkey. */
  demand: PasskeyDemand | undefined
}

interface Pairing {
  resolve: (certificate: proto.ADVSignedDeviceIdentity) => void
  reject: (error: Error) => void
}

/** Reads what a new client registers with. Throws when its signed pre-key is not signed by its identity key. */
export function readRegistration(
  data: proto.ClientPayload.IDevicePairingRegistrationData,
  noiseKey: Buffer,
): CompanionRegistration {
  const part = (value: Uint8Array | null | undefined): Buffer => Buffer.from(value ?? [])
  const identityKey = part(data.eIdent)
  const signedPreKey = {
    id: part(data.eSkeyId).readUIntBE(0, 3),
    key: part(data.eSkeyVal),
    signature: part(data.eSkeySig),
  }
  if (!part(data.eKeytype).equals(KEY_BUNDLE_TYPE)) throw new Error('unknown key type')
  if (!isSignedBy(identityKey, generateSignalPubKey(signedPreKey.key), signedPreKey.signature)) {
    throw new Error('the signed pre-key is not signed by the identity key')
  }
  const properties = proto.DeviceProps.decode(part(data.deviceProps))
  return {
    noiseKey,
    identityKey,
    registrationId: part(data.eRegid).readUInt32BE(0),
    signedPreKey,
    operatingSystem: properties.os ?? 'unknown',
  }
}

/** One client that waits to be linked: its codes, and the steps from the phone's consent to the restart. */
export class Registration {
  readonly client: CompanionRegistration
  readonly codes: CodePairing
  readonly #network: RegistrationNetwork
  readonly #link: RegistrationLink
  readonly #refs: string[]
  readonly #openedAtMs: number
  #pairing: Pairing | undefined
  #ceremony: PasskeyCeremony | undefined
  #refreshId: string | undefined
  #isLinked = false

  constructor(o: { client: CompanionRegistration; network: RegistrationNetwork; link: RegistrationLink }) {
    this.client = o.client
    this.#network = o.network
    this.#link = o.link
    this.#openedAtMs = o.network.now()
    this.#refs = Array.from(
      { length: o.network.qrRefs },
      () => `2@${o.network.random(REF_BYTES).toString('base64')}`,
    )
    this.codes = new CodePairing(o.network, o.link, o.client.identityKey)
  }

  /** Offers the codes, one `<ref>` each; the client shows them one after the other. */
  start(): void {
    const refs = this.#refs.map((ref) => stanza('ref', {}, Buffer.from(ref)))
    this.#link.send(this.#request([stanza('pair-device', {}, refs)]))
  }

  get codeRequest(): CodePairing['request'] {
    return this.codes.request
  }

  /** Whether a phone may link this client by `ref` now. */
  honours(ref: string): boolean {
    const index = this.#refs.indexOf(ref)
    const expiresAtMs = this.#openedAtMs + FIRST_QR_LIFETIME_MS + index * NEXT_QR_LIFETIME_MS
    const isDead = this.#isLinked || this.#refreshId !== undefined || this.#ceremony !== undefined
    return index >= 0 && this.#network.now() < expiresAtMs && !isDead
  }

  /** Asks the client to register anew; its codes are dead until it acknowledges. */
  demandRefresh(): void {
    this.#refreshId = this.#network.random(8).toString('hex')
    const attributes = { from: S_WHATSAPP_NET, type: 'companion_reg_refresh', id: this.#refreshId }
    this.#link.send(stanza('notification', { ...attributes, t: seconds(this.#network) }))
  }

  /** The link with a passkey that is going on. */
  get ceremony(): PasskeyCeremony | undefined {
    return this.#ceremony
  }

  /**
   * Links the client to an account, with a passkey first where one is demanded. Resolves when the client has countersigned
   * its certificate.
   */
  async pair(consent: Consent): Promise<LinkedCompanion> {
    const { account, identity } = consent
    if (this.#pairing !== undefined || this.#ceremony !== undefined)
      throw new Error('this client is being linked already')
    const advSecret = await this.#secretFor(consent)
    const deviceId = account.nextDeviceId()
    const companionIdentityKey = this.client.identityKey
    const { details, sealed } = issueDeviceCertificate({
      accountKey: identity.identity,
      companionIdentityKey,
      advSecret,
      keyIndex: deviceId,
      timestampSeconds: Number(seconds(this.#network)),
    })
    const { scanDelayMs } = this.#network.faults
    const certificate = await this.#countersigned(scanDelayMs, () => {
      this.#link.send(this.#request([this.#pairSuccess(account, deviceId, sealed)]))
    })
    const accountKey = identity.identity.public
    const isSame = Buffer.from(certificate.details ?? []).equals(details)
    if (!isSame || !isCountersigned({ certificate, accountKey, companionIdentityKey })) {
      throw new Error('the client did not countersign its certificate')
    }
    return this.#complete(account, deviceId)
  }

  /** Takes a step of linking by code or with a passkey. */
  receiveStep(iq: Stanza): void {
    if (child(iq)?.tag === 'link_code_companion_reg') this.codes.receive(iq)
    else if (this.#ceremony !== undefined) this.#ceremony.receive(iq)
    else this.#link.send(iqError(iq, 400, 'bad-request'))
  }

  /** Takes the client's answers; everything else on this socket is not for the registration. */
  receive(answer: Stanza): void {
    if (answer.tag === 'ack' && answer.attrs.id === this.#refreshId) this.#refreshId = undefined
    const signed = child(answer, 'pair-device-sign')
    if (signed === undefined) return
    this.#pairing?.resolve(proto.ADVSignedDeviceIdentity.decode(bytes(child(signed, 'device-identity'))))
  }

  stop(): void {
    this.#pairing?.reject(new Error('the client hung up while it was being linked'))
    this.#ceremony?.stop()
    this.codes.stop()
  }

  #complete(account: Account, deviceId: number): LinkedCompanion {
    this.#isLinked = true
    const linkedAtMs = this.#network.now()
    const companion = new LinkedCompanion({ account, deviceId, registration: this.client, linkedAtMs })
    this.#network.directory.link(companion)
    this.#network.router.announceDevice(companion, 'add')
    this.#network.changed()
    if (this.#network.faults.sendsRestart) this.#link.restart()
    return companion
  }

  /** Calls `ask` after a delay; resolves with the certificate that the client returns. */
  #countersigned(delayMs: number, ask: () => void): Promise<proto.ADVSignedDeviceIdentity> {
    return new Promise((resolve, reject) => {
      const timers = [
        setTimeout(ask, delayMs),
        setTimeout(
          () => this.#pairing?.reject(new Error('the client did not answer its pairing')),
          delayMs + COUNTERSIGN_TIMEOUT_MS,
        ),
      ]
      const settle = (): void => {
        for (const timer of timers) clearTimeout(timer)
        this.#pairing = undefined
      }
      this.#pairing = {
        resolve: (certificate) => (settle(), resolve(certificate)),
        reject: (error) => (settle(), reject(error)),
      }
    })
  }

  /** The secret that seals the certificate: the one of the code, or the one that comes with a passkey. */
  async #secretFor({ account, advSecret, demand }: Consent): Promise<Uint8Array> {
    if (demand === undefined) {
      if (advSecret === undefined) throw new Error('the phone has learned no secret of this client')
      return advSecret
    }
    const { passkeys } = account
    this.#ceremony = new PasskeyCeremony({
      network: this.#network,
      link: this.#link,
      client: this.client,
      passkeys,
      secret: advSecret,
      demand,
    })
    try {
      return await this.#ceremony.run()
    } finally {
      this.#ceremony = undefined
      this.#network.changed()
    }
  }

  #pairSuccess(account: Account, deviceId: number, sealed: Uint8Array): Stanza {
    return stanza('pair-success', {}, [
      stanza('device-identity', {}, sealed),
      stanza('device', { jid: account.deviceJid('pn', deviceId), lid: account.deviceJid('lid', deviceId) }),
      stanza('platform', { name: 'android' }),
    ])
  }

  #request(content: Stanza[]): Stanza {
    const id = this.#network.random(6).toString('hex')
    return stanza('iq', { from: S_WHATSAPP_NET, type: 'set', id, xmlns: 'md' }, content)
  }
}

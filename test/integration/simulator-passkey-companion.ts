import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import {
  type BinaryNode,
  bytesToCrockford,
  Curve,
  getBinaryNodeChild,
  proto,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

type Content = string | Uint8Array | BinaryNode[]

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const expand = (secret: Uint8Array, salt: Uint8Array | string, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
const bytesOf = (node: BinaryNode | undefined): Buffer => {
  const content = node?.content
  return typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from((content as Uint8Array | undefined) ?? []) // never a list here
}

/** What a client does wrong. */
export interface Deviation {
  proof?: 'none' | 'wrong'
  ref?: string
  deviceType?: proto.DeviceProps.PlatformType
  nonce?: Buffer
  secret?: Buffer
  identityKey?: Uint8Array
}

/** The client's side of a link with a passkey, written from what is known of the wire, around an unmodified Baileys. */
export class PasskeyCompanion {
  readonly demands: BinaryNode[] = []
  readonly #bot: BareBot
  readonly #ephemeral = Curve.generateKeyPair()
  readonly #nonce = randomBytes(32)
  #handoff: Buffer | undefined
  #ref = ''
  #deviceType = proto.DeviceProps.PlatformType.CHROME
  #primary: proto.PrimaryEphemeralIdentity | undefined

  constructor(bot: BareBot) {
    this.#bot = bot
    this.#socket.ws.on('CB:notification,type:passkey_prologue_request', (demand: BinaryNode) => {
      this.demands.push(demand)
      if (this.#handoff !== undefined) return
      this.#handoff = expand(
        Buffer.from(bot.credentials.advSecretKey, 'base64'),
        '',
        'shortcake-passkey-handoff-v1',
      )
      this.#socket.ev.emit('creds.update', { advSecretKey: randomBytes(32).toString('base64') })
    })
    this.#socket.ws.on('CB:notification,type:crsc_continuation', (node: BinaryNode) => {
      const content = bytesOf(getBinaryNodeChild(node, 'primary_ephemeral_identity'))
      this.#primary = proto.PrimaryEphemeralIdentity.decode(content)
    })
  }

  get #socket(): WASocket {
    return this.#bot.socket
  }

  /** What the phone has answered with. */
  get primary(): proto.PrimaryEphemeralIdentity | undefined {
    return this.#primary
  }

  /** The challenge of the latest demand; `undefined` where it came without options. */
  get challenge(): string | undefined {
    return readChallenge(getBinaryNodeChild(this.demands.at(-1), 'passkey_request_options'))
  }

  /** A demand that came. */
  async demanded(): Promise<void> {
    if (this.demands.length > 0) return
    await inTime(
      'the demand',
      new Promise((resolve) =>
        this.#socket.ws.once('CB:notification,type:passkey_prologue_request', resolve),
      ),
    )
  }

  async fetchChallenge(): Promise<string | undefined> {
    const answer = await this.query('get', { passkey_request_options: [] })
    return readChallenge(getBinaryNodeChild(answer, 'passkey_request_options'))
  }

  /** The first step. Rejects with the code of a refusal in `data`. */
  async sendPrologue(assertion: { rawId: string }, o: Deviation = {}): Promise<void> {
    this.#ref = bytesOf(getBinaryNodeChild(await this.query('get', { ref: [] }), 'ref')).toString()
    this.#deviceType = o.deviceType ?? this.#deviceType
    const identity = proto.CompanionEphemeralIdentity.encode({
      publicKey: this.#ephemeral.public,
      deviceType: this.#deviceType,
      ref: o.ref ?? this.#ref,
    }).finish()
    const payload = proto.ProloguePayload.encode({
      companionEphemeralIdentity: identity,
      commitment: { hash: sha256(identity, this.#nonce) },
    }).finish()
    const key = o.proof === 'wrong' ? randomBytes(32) : (this.#handoff ?? Buffer.alloc(0))
    const children = {
      credential_id: Buffer.from(assertion.rawId, 'base64url'),
      webauthn_assertion: Buffer.from(JSON.stringify(assertion)),
      prologue_payload: payload,
      ...(o.proof !== 'none' && {
        pairing_handoff_proof: createHmac('sha256', key).update(payload).digest(),
      }),
    }
    await this.query('set', { passkey_prologue: nodes(children) })
  }

  /** Reveals the nonce; gives the code, as the client shows it. */
  async sendNonce(o: Deviation = {}): Promise<string> {
    await this.query('set', { companion_nonce: o.nonce ?? this.#nonce })
    const digest = sha256(this.#nonce, this.#primary?.publicKey ?? Buffer.alloc(0))
    const mixed = Buffer.from(this.#primary?.nonce ?? [])
      .subarray(0, 5)
      .map((byte, index) => byte ^ (digest[index] ?? 0))
    return bytesToCrockford(Buffer.from(mixed)).replace(/^(.{4})/, '$1-')
  }

  async sendPairingRequest(o: Deviation = {}): Promise<void> {
    const { credentials } = this.#bot
    const shared = Curve.sharedKey(this.#ephemeral.private, this.#primary?.publicKey ?? Buffer.alloc(32))
    const salt = `Companion Pairing ${this.#deviceType} with ref ${this.#ref}`
    const key = expand(shared, salt, 'Pairing Information Encryption Key')
    const request = proto.PairingRequest.encode({
      companionPublicKey: credentials.noiseKey.public,
      companionIdentityKey: o.identityKey ?? credentials.signedIdentityKey.public,
      advSecret: o.secret ?? Buffer.from(credentials.advSecretKey, 'base64'),
    }).finish()
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    const encryptedPayload = Buffer.concat([cipher.update(request), cipher.final(), cipher.getAuthTag()])
    const sealed = proto.EncryptedPairingRequest.encode({ encryptedPayload, iv }).finish()
    await this.query('set', { encrypted_pairing_request: sealed })
  }

  /** Everything after the assertion, where the two codes need not be compared. */
  async finish(): Promise<string> {
    await this.continued()
    const code = await this.sendNonce()
    await this.sendPairingRequest()
    return code
  }

  /** The phone has answered. */
  async continued(): Promise<void> {
    if (this.#primary !== undefined) return
    await inTime(
      'the continuation',
      new Promise((resolve) => this.#socket.ws.once('CB:notification,type:crsc_continuation', resolve)),
    )
  }

  query(type: 'get' | 'set', content: Record<string, Content>): Promise<BinaryNode> {
    const attrs = { to: 's.whatsapp.net', type, xmlns: 'md', id: this.#socket.generateMessageTag() }
    return this.#socket.query({ tag: 'iq', attrs, content: nodes(content) }, 30_000) as Promise<BinaryNode> // what an IQ is answered with
  }
}

function nodes(content: Record<string, Content>): BinaryNode[] {
  return Object.entries(content).map(([tag, each]) => ({ tag, attrs: {}, content: each }))
}

function readChallenge(options: BinaryNode | undefined): string | undefined {
  if (options === undefined) return undefined
  return (JSON.parse(bytesOf(options).toString()) as { challenge: string }).challenge // as WhatsApp sends it
}

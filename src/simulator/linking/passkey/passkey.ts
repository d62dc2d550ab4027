import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'

/** Whose passkeys they are: WhatsApp's relying party. */
export const RELYING_PARTY = 'whatsapp.com'
/** The page that WhatsApp takes assertions from. */
export const ASSERTION_ORIGIN = 'https://web.whatsapp.com'

const ID_BYTES = 32
const COUNTER_BYTES = 4
/** The flags of authenticator data: user present, user verified, kept as a backup by the account. */
export const FLAGS = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10 } as const

/** What the server and the phone know of a passkey; a browser that made it keeps the private key. */
export interface PasskeyRecord {
  credentialId: Buffer
  /** SPKI in DER, as `getPublicKey()` of the browser gives it. */
  publicKey: Buffer
  userHandle: Buffer
  /** How often it has signed, as far as the server was told; 0 for passkeys that do not count. */
  signCount: number
  /** PKCS#8 in DER; none where the passkey was made elsewhere. */
  privateKey?: Buffer | undefined
}

/** An assertion as a browser gives it: all base64url without padding. */
export interface AssertionJson {
  id: string
  rawId: string
  type: string
  response: {
    clientDataJSON: string
    authenticatorData: string
    signature: string
    userHandle: string | null
  }
}

/** What differs from an honest assertion. */
export interface SignOptions {
  origin?: string
  relyingParty?: string
  type?: string
  flags?: number
  signCount?: number
}

/** A passkey of an account: a P-256 key pair for WhatsApp's relying party (WebAuthn, ES256). */
export class Passkey {
  readonly credentialId: Buffer
  readonly publicKey: KeyObject
  readonly userHandle: Buffer
  signCount: number
  readonly #privateKey: KeyObject | undefined

  /** Throws when a key is not one of P-256. */
  constructor(o: PasskeyRecord) {
    this.credentialId = o.credentialId
    this.userHandle = o.userHandle
    this.signCount = o.signCount
    this.publicKey = createPublicKey({ key: o.publicKey, format: 'der', type: 'spki' })
    this.#privateKey = o.privateKey && createPrivateKey({ key: o.privateKey, format: 'der', type: 'pkcs8' })
    if (this.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new Error('a passkey has a key of the curve P-256')
  }

  static create(random: (size: number) => Buffer = randomBytes): Passkey {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return new Passkey({
      credentialId: random(ID_BYTES),
      userHandle: random(ID_BYTES),
      signCount: 0,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }),
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    })
  }

  /** All of it, to be kept, or to be put into a browser's authenticator. */
  get record(): PasskeyRecord {
    return {
      credentialId: this.credentialId,
      publicKey: this.publicKey.export({ format: 'der', type: 'spki' }),
      userHandle: this.userHandle,
      signCount: this.signCount,
      privateKey: this.#privateKey?.export({ format: 'der', type: 'pkcs8' }),
    }
  }

  /**
   * Signs a challenge (base64url) as a browser on WhatsApp's page does. Throws for a passkey that was made elsewhere.
   * Source: WebAuthn level 3, sections 5.8.1 and 6.1.
   */
  sign(challenge: string, o: SignOptions = {}): AssertionJson {
    if (this.#privateKey === undefined) throw new Error('the private key of this passkey is not here')
    const { origin = ASSERTION_ORIGIN, relyingParty = RELYING_PARTY, type = 'webauthn.get' } = o
    const clientData = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
    const counter = Buffer.alloc(COUNTER_BYTES)
    counter.writeUInt32BE(o.signCount ?? this.signCount + 1)
    const flags = Buffer.from([o.flags ?? FLAGS.userPresent | FLAGS.userVerified])
    const authenticatorData = Buffer.concat([sha256(relyingParty), flags, counter])
    const signed = Buffer.concat([authenticatorData, sha256(clientData)])
    const id = this.credentialId.toString('base64url')
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
        userHandle: this.userHandle.toString('base64url'),
      },
    }
  }
}

export function sha256(...parts: (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

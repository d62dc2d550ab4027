import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys'

/** WhatsApp's own root issues with serial 0; the client refuses an intermediate certificate that names another. */
const ROOT_SERIAL = 0
const INTERMEDIATE_SERIAL = 1
const LEAF_SERIAL = 2
const YEAR_2100_SECONDS = 4_102_444_800

function certificate(o: { serial: number; issuerSerial: number; key: Uint8Array; issuer: KeyPair }) {
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    serial: o.serial,
    issuerSerial: o.issuerSerial,
    key: o.key,
    notBefore: 0,
    notAfter: YEAR_2100_SECONDS,
  }).finish()
  return { details, signature: Curve.sign(o.issuer.private, details) }
}

/**
 * The server's certificates: a root of its own, an intermediate under it, and a leaf for the server's static Noise
 * key. A client that trusts `rootKey` accepts the chain; WhatsApp's client does not.
 */
export class CertificateAuthority {
  /** The server's long-lived Noise key pair. */
  readonly serverKey: KeyPair = Curve.generateKeyPair()
  /** The chain the handshake carries. */
  readonly chain: Uint8Array
  readonly #root: KeyPair = Curve.generateKeyPair()

  constructor() {
    const intermediate = Curve.generateKeyPair()
    this.chain = proto.CertChain.encode({
      intermediate: certificate({
        serial: INTERMEDIATE_SERIAL,
        issuerSerial: ROOT_SERIAL,
        key: intermediate.public,
        issuer: this.#root,
      }),
      leaf: certificate({
        serial: LEAF_SERIAL,
        issuerSerial: INTERMEDIATE_SERIAL,
        key: this.serverKey.public,
        issuer: intermediate,
      }),
    }).finish()
  }

  /** The root's 32-byte public key, in base64. */
  get rootKey(): string {
    return Buffer.from(this.#root.public).toString('base64')
  }
}

import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys'

/** WhatsApp's own root issues with serial 0; the client refuses an intermediate certificate that names another. */
const ROOT_SERIAL = 0
const INTERMEDIATE_SERIAL = 1
const LEAF_SERIAL = 2
const YEAR_2100_SECONDS = 4_102_444_800

const DAY_SECONDS = 24 * 60 * 60

/**
 * What a chain of certificates is like: in order; signed properly, but not in force yet or no longer; issued by another
 * certificate than the one beside it; or without serials and dates, as other servers make them.
 */
export type ChainKind = 'valid' | 'expired' | 'not-yet-valid' | 'other-issuer' | 'bare'

type Details = proto.CertChain.NoiseCertificate.IDetails

function certificate(details: Details, issuer: KeyPair) {
  const encoded = proto.CertChain.NoiseCertificate.Details.encode(details).finish()
  return { details: encoded, signature: Curve.sign(issuer.private, encoded) }
}

/** When certificates of this kind are in force, seconds since the epoch. */
function datesOf(kind: ChainKind, nowSeconds: number): Pick<Details, 'notBefore' | 'notAfter'> {
  if (kind === 'bare') return {}
  return {
    notBefore: kind === 'not-yet-valid' ? nowSeconds + DAY_SECONDS : 0,
    notAfter: kind === 'expired' ? nowSeconds - DAY_SECONDS : YEAR_2100_SECONDS,
  }
}

/**
 * The server's certificates: a root of its own, an intermediate under it, and a leaf for the server's static Noise
 * key. A client that trusts `rootKey` accepts the chain; WhatsApp's client does not.
 */
export class CertificateAuthority {
  /** The server's long-lived Noise key pair. */
  readonly serverKey: KeyPair = Curve.generateKeyPair()
  readonly #root: KeyPair = Curve.generateKeyPair()
  readonly #intermediate: KeyPair = Curve.generateKeyPair()

  /** The chain that a handshake carries; `nowMs` is what its dates are counted from. */
  chain(kind: ChainKind, nowMs: number): Uint8Array {
    const dates = datesOf(kind, Math.floor(nowMs / 1000))
    const serials = (serial: number, issuerSerial: number): Details =>
      kind === 'bare' ? {} : { serial, issuerSerial }
    const issuer = kind === 'other-issuer' ? INTERMEDIATE_SERIAL + 1 : INTERMEDIATE_SERIAL
    return proto.CertChain.encode({
      intermediate: certificate(
        { ...serials(INTERMEDIATE_SERIAL, ROOT_SERIAL), ...dates, key: this.#intermediate.public },
        this.#root,
      ),
      leaf: certificate(
        { ...serials(LEAF_SERIAL, issuer), ...dates, key: this.serverKey.public },
        this.#intermediate,
      ),
    }).finish()
  }

  /** The root's 32-byte public key, in base64. */
  get rootKey(): string {
    return Buffer.from(this.#root.public).toString('base64')
  }
}

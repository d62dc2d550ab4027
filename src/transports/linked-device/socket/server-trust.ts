/**
 * Strict verification of the server's certificate. Baileys 7.0.0-rc14 ignores the outcome of every signature check
 * (`lib/Utils/crypto.js`, `Curve.verify`) and never compares the certificate's key with the key the server used, so
 * anybody in the middle could pose as WhatsApp. It looks at the dates of no certificate, and at the serial of one issuer
 * only. All of it is restored here, for the whole process.
 */
import { Curve, generateSignalPubKey, proto, toNumber, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import { EndedByUs } from '../life/close-reasons.ts'
import { verifySignature as verifyXEdDsa } from '../signal/native-curve.ts'

const ROOT_SERIAL = 0
const WHATSAPP_ROOT_KEY = Buffer.from(WA_CERT_DETAILS.PUBLIC_KEY)

type Details = proto.CertChain.NoiseCertificate.Details

let installed = false
let clock: () => number = Date.now

/** Makes `Curve.verify` tell the truth. Idempotent; call before the first socket. */
export function installStrictVerification(): void {
  if (installed) return
  installed = true
  let lastPeerKey: Uint8Array = new Uint8Array()
  let lastVerifiedMessage: Uint8Array = new Uint8Array()
  let lastWasGenuine = false
  const sharedKey = Curve.sharedKey
  Curve.sharedKey = (privateKey, publicKey) => {
    lastPeerKey = publicKey
    return sharedKey(privateKey, publicKey)
  }
  Curve.verify = (publicKey, message, signature) => {
    const genuine = verifySignature(publicKey, message, signature)
    // During the handshake Baileys agrees on a key with the server's static key, verifies the leaf, then the
    // intermediate under the root: so at the root's turn the two remembered values belong to the same handshake.
    const isRoot = Buffer.compare(publicKey, WA_CERT_DETAILS.PUBLIC_KEY) === 0
    if (isRoot) return genuine && lastWasGenuine && isTrustedChain(lastVerifiedMessage, message, lastPeerKey)
    lastVerifiedMessage = message
    lastWasGenuine = genuine
    return genuine
  }
}

/**
 * Which root the server must chain to: WhatsApp's own (`null`), or another one for a server on loopback (base64); `now` is
 * what the dates of its certificates are compared with, milliseconds since the epoch.
 */
export function trustServerRoot(noiseRootKey: string | null, now: () => number): void {
  clock = now
  WA_CERT_DETAILS.PUBLIC_KEY = noiseRootKey === null ? WHATSAPP_ROOT_KEY : Buffer.from(noiseRootKey, 'base64')
}

/** The rest of a chain whose signatures are good. Throws where nothing but the dates is wrong. */
function isTrustedChain(leafBytes: Uint8Array, issuerBytes: Uint8Array, serverKey: Uint8Array): boolean {
  const leaf = readDetails(leafBytes)
  const issuer = readDetails(issuerBytes)
  if (leaf === null || issuer === null || !leaf.key || Buffer.compare(leaf.key, serverKey) !== 0) return false
  if ((leaf.issuerSerial ?? 0) !== (issuer.serial ?? 0) || (issuer.issuerSerial ?? 0) !== ROOT_SERIAL)
    return false
  // Baileys compares next, and takes a serial that is left out for another one than zero.
  WA_CERT_DETAILS.SERIAL = issuer.issuerSerial as number
  if (!isInForce(leaf) || !isInForce(issuer))
    throw new EndedByUs('clock_wrong', 'a certificate outside its dates')
  return true
}

function readDetails(bytes: Uint8Array): Details | null {
  try {
    return proto.CertChain.NoiseCertificate.Details.decode(bytes)
  } catch {
    return null
  }
}

/** A date that is left out is no limit. */
function isInForce({ notBefore, notAfter }: Details): boolean {
  const nowSeconds = clock() / 1000
  return (!notBefore || toNumber(notBefore) <= nowSeconds) && (!notAfter || nowSeconds <= toNumber(notAfter))
}

function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifyXEdDsa(generateSignalPubKey(publicKey), message, signature)
  } catch {
    return false
  }
}

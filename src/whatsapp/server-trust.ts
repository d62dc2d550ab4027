/**
 * Strict verification of the server's certificate. Baileys 7.0.0-rc14 ignores the outcome of every signature check
 * (`lib/Utils/crypto.js`, `Curve.verify`) and never compares the certificate's key with the key the server used, so
 * anybody in the middle could pose as WhatsApp. Both are restored here, for the whole process.
 */
import { Curve, generateSignalPubKey, proto, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import { verifySignature as verifyXEdDsa } from 'libsignal/src/curve.js'

const WHATSAPP_ROOT_KEY = Buffer.from(WA_CERT_DETAILS.PUBLIC_KEY)

let installed = false

/** Makes `Curve.verify` tell the truth. Idempotent; call before the first socket. */
export function installStrictVerification(): void {
  if (installed) return
  installed = true
  let lastPeerKey: Uint8Array = new Uint8Array()
  let lastVerifiedMessage: Uint8Array = new Uint8Array()
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
    if (isRoot && !leafNamesKey(lastVerifiedMessage, lastPeerKey)) return false
    lastVerifiedMessage = message
    return genuine
  }
}

/** Which root the server must chain to: WhatsApp's own (`null`), or another one for a server on loopback (base64). */
export function trustServerRoot(noiseRootKey: string | null): void {
  WA_CERT_DETAILS.PUBLIC_KEY = noiseRootKey === null ? WHATSAPP_ROOT_KEY : Buffer.from(noiseRootKey, 'base64')
}

function leafNamesKey(leafDetails: Uint8Array, serverKey: Uint8Array): boolean {
  try {
    const { key } = proto.CertChain.NoiseCertificate.Details.decode(leafDetails)
    return key !== null && key !== undefined && Buffer.compare(key, serverKey) === 0
  } catch {
    return false
  }
}

function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifyXEdDsa(generateSignalPubKey(publicKey), message, signature)
  } catch {
    return false
  }
}

import { encodeBigEndian, generateSignalPubKey } from '@whiskeysockets/baileys'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, stanza, unsigned } from '../wire/stanza.ts'

const KEY_TYPE_CURVE25519 = Buffer.from([5])

export interface PublicPreKey {
  id: number
  /** 32 bytes. */
  key: Uint8Array
}

/** The public keys with which a session to a device is begun (X3DH). The one-time key may have run out. */
export interface KeyBundle {
  registrationId: number
  /** 32 bytes. */
  identityKey: Uint8Array
  signedPreKey: PublicPreKey & { signature: Uint8Array }
  preKey: PublicPreKey | undefined
}

const leaf = (tag: string, content: Uint8Array): Stanza => stanza(tag, {}, content)

function preKeyStanza(tag: 'key' | 'skey', { id, key }: PublicPreKey, signature?: Uint8Array): Stanza {
  const content = [leaf('id', encodeBigEndian(id, 3)), leaf('value', key)]
  return stanza(tag, {}, signature === undefined ? content : [...content, leaf('signature', signature)])
}

/** The children of `<user>` in the answer to a key query. */
export function bundleContent(bundle: KeyBundle): Stanza[] {
  return [leaf('registration', encodeBigEndian(bundle.registrationId)), ...bundleKeys(bundle)]
}

/** The children of `<keys>` in a retry receipt, where the registration id is an element beside it. */
export function bundleKeys(bundle: KeyBundle): Stanza[] {
  const { signedPreKey, preKey } = bundle
  return [
    leaf('type', KEY_TYPE_CURVE25519),
    leaf('identity', bundle.identityKey),
    preKeyStanza('skey', signedPreKey, signedPreKey.signature),
    ...(preKey === undefined ? [] : [preKeyStanza('key', preKey)]),
  ]
}

export function readPreKey(node: Stanza | undefined): PublicPreKey {
  return { id: unsigned(child(node, 'id')), key: bytes(child(node, 'value')) }
}

export function readSignedPreKey(node: Stanza | undefined): KeyBundle['signedPreKey'] {
  return { ...readPreKey(node), signature: bytes(child(node, 'signature')) }
}

/** The bundle in the shape that libsignal's session builder takes: keys with their type byte. */
export function signalBundle(bundle: KeyBundle) {
  const { preKey, signedPreKey } = bundle
  return {
    registrationId: bundle.registrationId,
    identityKey: generateSignalPubKey(bundle.identityKey),
    signedPreKey: {
      keyId: signedPreKey.id,
      publicKey: generateSignalPubKey(signedPreKey.key),
      signature: signedPreKey.signature,
    },
    ...(preKey === undefined
      ? {}
      : { preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.key) } }),
  }
}

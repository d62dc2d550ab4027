import { generateSignalPubKey } from '@whiskeysockets/baileys'
import type { IqHandler } from './iq-handler.ts'
import { bundleContent, readPreKey, readSignedPreKey } from './key-bundle.ts'
import { isSignedBy } from './signature.ts'
import type { Stanza } from './stanza.ts'
import { bytes, child, children, iqError, iqResult, stanza, unsigned } from './stanza.ts'

/** Queries about Signal keys, by the element inside. */
export const KEY_QUERIES: Readonly<Record<string, IqHandler>> = {
  count: ({ request, session, companion }) => {
    session.send(iqResult(request, [stanza('count', { value: String(companion.preKeyCount) })]))
  },

  digest: ({ request, session, companion }) => {
    const { registrationId, identityKey, signedPreKey } = companion
    const content = bundleContent({ registrationId, identityKey, signedPreKey, preKey: undefined })
    session.send(iqResult(request, [stanza('digest', {}, content)]))
  },

  /** Upload of one-time keys, with the identity and the signed pre-key they belong to. */
  registration: ({ request, session, companion }) => {
    const signedPreKey = readSignedPreKey(child(request, 'skey'))
    const isOwn =
      bytes(child(request, 'identity')).equals(companion.identityKey) &&
      unsigned(child(request, 'registration')) === companion.registrationId
    if (!isOwn || !isValid(companion, signedPreKey))
      return session.send(iqError(request, 406, 'not-acceptable'))
    companion.signedPreKey = signedPreKey
    companion.addPreKeys(children(child(request, 'list'), 'key').map(readPreKey))
    session.send(iqResult(request))
  },

  /** A new signed pre-key. */
  rotate: ({ request, session, companion }) => {
    const signedPreKey = readSignedPreKey(child(child(request, 'rotate'), 'skey'))
    if (!isValid(companion, signedPreKey)) return session.send(iqError(request, 406, 'not-acceptable'))
    companion.signedPreKey = signedPreKey
    session.send(iqResult(request))
  },

  /** Key bundles to begin sessions with: one one-time key less for every device asked about. */
  key: ({ request, session, network }) => {
    const users = children(child(request, 'key'), 'user').map(({ attrs }): Stanza => {
      const device = network.directory.device(attrs.jid)
      if (device === undefined) {
        return stanza('user', { jid: attrs.jid }, [stanza('error', { code: '404', text: 'item-not-found' })])
      }
      const t = String(Math.floor(network.now() / 1000))
      return stanza('user', { jid: attrs.jid, t }, bundleContent(device.takeBundle()))
    })
    session.send(iqResult(request, [stanza('list', {}, users)]))
  },
}

function isValid(
  companion: { identityKey: Uint8Array; signedPreKey: { key: Uint8Array; signature: Uint8Array } },
  { key, signature }: { key: Uint8Array; signature: Uint8Array },
): boolean {
  const known = companion.signedPreKey
  if (Buffer.from(key).equals(known.key) && Buffer.from(signature).equals(known.signature)) return true
  return key.length > 0 && isSignedBy(companion.identityKey, generateSignalPubKey(key), signature)
}

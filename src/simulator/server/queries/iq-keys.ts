import { generateSignalPubKey, jidDecode } from '@whiskeysockets/baileys'
import type { IqHandler } from './iq-handler.ts'
import { bundleContent, readPreKey, readSignedPreKey } from '../../signal/key-bundle.ts'
import { isSignedBy } from '../../signal/signature.ts'
import { spoilBundle } from '../../faults/spoil-bundle.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { bytes, child, children, iqError, iqResult, stanza, unsigned } from '../../wire/stanza.ts'

/** Queries about Signal keys, by the element inside. */
export const KEY_QUERIES: Readonly<Record<string, IqHandler>> = {
  count: ({ request, session, companion, network }) => {
    const count = companion.preKeyCount || (network.habits.wantsAllPreKeys ? 0 : 1)
    session.send(iqResult(request, [stanza('count', { value: String(count) })]))
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
    const users = children(child(request, 'key'), 'user').flatMap(({ attrs }): Stanza[] => {
      const device = network.directory.device(attrs.jid)
      const deviceId = jidDecode(attrs.jid)?.device ?? 0
      const refusal = network.directory.account(attrs.jid)?.keyRefusal(deviceId)
      if (refusal === 'left-out') return []
      if (device === undefined || refusal !== undefined) return [refused(attrs.jid, refusal ?? '404')]
      const t = String(Math.floor(network.now() / 1000))
      const bundle = stanza('user', { jid: attrs.jid, t }, bundleContent(device.takeBundle()))
      const spoil = network.faults.spoiledBundles.strike(session.accountNumber, bundle)
      return spoil === undefined ? [bundle] : spoilBundle(bundle, spoil)
    })
    session.send(iqResult(request, [stanza('list', {}, users)]))
  },
}

function refused(jid: string | undefined, code: '404' | '406'): Stanza {
  const text = code === '404' ? 'item-not-found' : 'not-acceptable'
  return stanza('user', { jid }, [stanza('error', { code, text })])
}

function isValid(
  companion: { identityKey: Uint8Array; signedPreKey: { key: Uint8Array; signature: Uint8Array } },
  { key, signature }: { key: Uint8Array; signature: Uint8Array },
): boolean {
  const known = companion.signedPreKey
  if (Buffer.from(key).equals(known.key) && Buffer.from(signature).equals(known.signature)) return true
  return key.length > 0 && isSignedBy(companion.identityKey, generateSignalPubKey(key), signature)
}

/** The stanzas of linking with a passkey. Sources: WhatsApp Web's `WASmax*Md*`, whatsmeow `pair-passkey.go`. */
import {
  type BinaryNode,
  getAllBinaryNodeChildren,
  getBinaryNodeChild,
  proto,
  S_WHATSAPP_NET,
} from '@whiskeysockets/baileys'
import type { CheckedAssertion } from './check-assertion.ts'
import type { PrimaryIdentity } from './passkey-crypto.ts'
import { readRequestOptions, type RequestOptions } from './request-options.ts'

/** What this device asks of WhatsApp, in this order; `options` only where the demand came without. */
export type PasskeyQuery = 'options' | 'ref' | 'prologue' | 'nonce' | 'request'

/** What a query carries; each needs its own. */
export interface QueryContent {
  assertion?: CheckedAssertion
  payload?: Uint8Array
  proof?: Uint8Array | null
  nonce?: Uint8Array
  sealed?: Uint8Array
}

const KEY_BYTES = 32
const LONGEST_REF = 1_024

const leaf = (tag: string, content: Uint8Array = new Uint8Array(0)): BinaryNode => ({
  tag,
  attrs: {},
  content,
})

const CHILDREN: { [Query in PasskeyQuery]: (content: QueryContent) => BinaryNode } = {
  options: () => ({ tag: 'passkey_request_options', attrs: {} }),
  ref: () => ({ tag: 'ref', attrs: {} }),
  prologue: ({ assertion, payload, proof }) => ({
    tag: 'passkey_prologue',
    attrs: {},
    content: [
      leaf('credential_id', assertion?.credentialId),
      leaf('webauthn_assertion', assertion?.json),
      leaf('prologue_payload', payload),
      ...(proof ? [leaf('pairing_handoff_proof', proof)] : []),
    ],
  }),
  nonce: ({ nonce }) => leaf('companion_nonce', nonce),
  request: ({ sealed }) => leaf('encrypted_pairing_request', sealed),
}

const READS: ReadonlySet<PasskeyQuery> = new Set(['options', 'ref'])

/** A query without an id. */
export function passkeyQuery(query: PasskeyQuery, content: QueryContent = {}): BinaryNode {
  const type = READS.has(query) ? 'get' : 'set'
  return {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, xmlns: 'md', type },
    content: [CHILDREN[query](content)],
  }
}

/** Options of a demand, or of the answer to `options`; `null` where there are none, `unusable` where they cannot be read. */
export function optionsIn(stanza: BinaryNode): RequestOptions | null | 'unusable' {
  const found = getBinaryNodeChild(stanza, 'passkey_request_options')?.content
  if (found === undefined || found.length === 0) return null
  return readRequestOptions(found) ?? 'unusable'
}

/** A fresh reference; `null` where the answer holds none. */
export function refIn(stanza: BinaryNode): string | null {
  const content = getBinaryNodeChild(stanza, 'ref')?.content
  const ref = content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : content
  return typeof ref === 'string' && ref !== '' && ref.length <= LONGEST_REF ? ref : null
}

/** What the phone shows of itself; `null` where it cannot be used. */
export function primaryIn(stanza: BinaryNode): PrimaryIdentity | null {
  const found = getAllBinaryNodeChildren(stanza).find(({ tag }) => tag === 'primary_ephemeral_identity')
  if (!(found?.content instanceof Uint8Array)) return null
  try {
    const { publicKey, nonce } = proto.PrimaryEphemeralIdentity.decode(found.content)
    if (publicKey?.length !== KEY_BYTES || nonce?.length !== KEY_BYTES) return null
    return { publicKey, nonce }
  } catch {
    return null
  }
}

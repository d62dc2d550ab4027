import fc, { type Arbitrary } from 'fast-check'
import type { Stanza } from '../../../src/simulator/wire/stanza.ts'
import { bytes, node, type StanzaParts, word } from './stanza-parts.ts'

const KEY_BYTES = 32
/** Protobuf `PrimaryEphemeralIdentity`: a key and a nonce. */
const EPHEMERAL = Uint8Array.from([
  0x0a,
  KEY_BYTES,
  ...Array<number>(KEY_BYTES).fill(9),
  0x12,
  KEY_BYTES,
  ...Array<number>(KEY_BYTES).fill(8),
])

/** WebAuthn request options as UTF-8 JSON, right and wrong. */
const passkeyOptions = fc.oneof(
  fc
    .record({
      challenge: fc.constantFrom('q7Zk1w', '', '!', 'A'.repeat(2_000)),
      rpId: fc.constantFrom('whatsapp.com', 'web.whatsapp.com', 'evil.example', ''),
      timeout: fc.constantFrom<unknown>(600_000, -1, '600000', null),
      userVerification: fc.constantFrom('required', 'preferred', 'x'),
      allowCredentials: fc.constantFrom<unknown>([], [{ id: 'AQID', type: 'public-key' }], [null], 'x'),
    })
    .map((options) => Buffer.from(JSON.stringify(options))),
  fc.constantFrom('{', 'null', '[]', '{"__proto__":{"challenge":"AQID"}}').map((text) => Buffer.from(text)),
  bytes,
)

const OPERATIONS = [
  'NotificationUserReachoutTimelockUpdate',
  'MessageCappingInfoNotification',
  'NotificationIntegrityChallengeRequest',
  'NotificationUserSettingChange',
  'NotificationLinkedProfilesUpdates',
  'x',
]
const BODIES = [
  '',
  'null',
  '{"data":null}',
  '{"data":{}}',
  '{"data":{"xwa2_notify_account_reachout_timelock":{"is_active":false,"time_enforcement_ends":"99999999999999999999"}}}',
  '{"data":{"xwa2_notify_account_reachout_timelock":{"is_active":"x","time_enforcement_ends":{}}}}',
  '{"data":{"__proto__":{"is_active":true}}}',
].map((text) => Buffer.from(text))

/**
 * Notifications of every kind that is known, with what belongs into them and what does not. Not among them what it would believe: that the
 * account may not write to new people, and a token of somebody's that could be theirs.
 */
export function hostileNotifications(parts: StanzaParts): Arbitrary<Stanza> {
  const { anybody, id, inside, now, value } = parts
  const some = (...children: Arbitrary<Stanza>[]): Arbitrary<Stanza[]> =>
    fc.array(fc.oneof(...children, inside), { maxLength: 3 })
  const devices = fc.array(
    fc.oneof(
      node('device', { jid: anybody, 'key-index': word, is_hosted: fc.constantFrom('true', 'false', 'x') }),
      node('key-index-list', { ts: fc.oneof(now, word) }, bytes),
    ),
    { maxLength: 4 },
  )
  const trusted = fc.constant('trusted_contact')
  const token = fc.oneof(
    node('token', { jid: anybody, t: fc.oneof(now, word), type: trusted }, fc.constant(new Uint8Array(0))),
    node('token', { jid: anybody, t: word, type: trusted }, bytes),
    node('token', { jid: anybody, t: fc.oneof(now, word), type: fc.constant('x') }, bytes),
  )
  const again = node('rmr', {
    jid: anybody,
    from_me: fc.constantFrom('true', 'false', 'x'),
    participant: anybody,
  })
  const sealed = node('encrypt', {}, some(node('enc_p', {}, bytes), node('enc_iv', {}, bytes)))
  const kinds: Readonly<Record<string, Arbitrary<Stanza[]>>> = {
    account_sync: some(
      node('devices', { dhash: word }, devices),
      node('privacy', {}),
      node('blocklist', { dhash: word, action: word }),
    ),
    devices: some(
      node('add', { device_hash: word }, devices),
      node('remove', { device_hash: word }, devices),
      node('update', { hash: word }, devices),
    ),
    'fbid:devices': some(node('update', { hash: word }, devices)),
    encrypt: some(node('count', { value: word }), node('identity', {}), node('digest', {})),
    server_sync: some(
      node('collection', { name: fc.constantFrom('regular_low', 'critical_block', 'x'), version: word }),
    ),
    mediaretry: some(again, sealed, node('error', { code: fc.oneof(fc.constantFrom('1', '2', '3'), word) })),
    privacy_token: some(node('tokens', {}, fc.array(token, { maxLength: 3 }))),
    'w:gp2': some(
      node('subject', { subject: word, s_t: word }),
      node(
        'add',
        {},
        fc.array(node('participant', { jid: anybody, lid: anybody, phone_number: anybody }), {
          maxLength: 3,
        }),
      ),
      node('create', {}, fc.array(node('group', { id: word, creator: anybody }), { maxLength: 1 })),
      node('ephemeral', { expiration: word }),
    ),
    mex: some(
      node(
        'update',
        { op_name: fc.constantFrom(...OPERATIONS) },
        fc.oneof(bytes, fc.constantFrom(...BODIES)),
      ),
    ),
    newsletter: some(node('live_updates', {}, some())),
    picture: some(node('set', { id: word, hash: word }), node('delete', {})),
    contacts: some(
      node('sync', { after: word }),
      node('modify', { old: anybody, new: anybody, old_lid: anybody, new_lid: anybody }),
    ),
    business: some(node('remove', { jid: anybody })),
    hosted: some(node('device', { jid: anybody })),
    disappearing_mode: some(node('disappearing_mode', { duration: word, t: word })),
    link_code_companion_reg: some(
      node(
        'link_code_companion_reg',
        { stage: fc.constantFrom('primary_hello', 'refresh_code', 'x') },
        fc.array(inside, { maxLength: 3 }),
      ),
    ),
    companion_reg_refresh: some(node('expected', {})),
    passkey_prologue_request: some(node('passkey_request_options', {}, passkeyOptions)),
    crsc_continuation: some(node('primary_ephemeral_identity', {}, fc.oneof(bytes, fc.constant(EPHEMERAL)))),
  }
  const others = ['psa', 'status', 'server', 'pay', 'registration', 'unheard-of']
  const participant = fc.oneof(anybody, value)
  return fc
    .constantFrom(...Object.keys(kinds), ...others)
    .chain((type) =>
      node(
        'notification',
        { id, from: anybody, t: now, participant, type: fc.constant(type) },
        kinds[type] ?? some(),
      ),
    )
}

import fc, { type Arbitrary } from 'fast-check'
import type { Stanza } from '../../../src/simulator/wire/stanza.ts'

/** Who and what hostile stanzas are about. */
export interface Names {
  stranger: { jid: string; lid: string }
  allowed: { jid: string; lid: string }
  own: { jid: string; lid: string; device: string }
  /** Ids of messages that the account has sent. */
  sent: readonly string[]
}

const POISON = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
/** Names of attributes that mean something somewhere. */
export const ATTRIBUTES = [
  'id', 'from', 'to', 't', 'type', 'class', 'participant', 'recipient', 'notify', 'offline', 'category', 'edit',
  'sender_pn', 'sender_lid', 'participant_pn', 'participant_lid', 'peer_recipient_pn', 'peer_recipient_lid',
  'recipient_pn', 'recipient_lid', 'addressing_mode', 'count', 'v', 'code', 'error', 'xmlns', 'mediatype', 'phash', 'value',
] // prettier-ignore

/** What an attribute may hold instead of what belongs there. */
export const word = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e308',
    'NaN',
    '99999999999999999999',
    '\u0000',
    '..',
    '%n',
    '\u202e',
    '🙂',
    ...POISON,
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.nat(3_000).map((length) => 'z'.repeat(length)),
)

/** Contents that no element has. */
export const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  fc.constant(new Uint8Array(0)),
  // Looks like a Signal message, as far as its first bytes go.
  fc
    .uint8Array({ minLength: 60, maxLength: 200 })
    .map((rest) => Uint8Array.from([0x33, 0x0a, 0x21, 0x05, ...rest])),
  fc.nat(20_000).map((length) => new Uint8Array(length).fill(7)),
)

/** What the parts of a hostile stanza are drawn from. */
export interface StanzaParts {
  /** Addresses of people whom nobody allowed, and of places that the account does not read. */
  outsider: Arbitrary<string>
  /** Those, and the addresses of an allowed person and of the account itself. */
  anybody: Arbitrary<string>
  /** Addresses and words. */
  value: Arbitrary<string>
  /** New ids, words, and ids of messages that the account has sent. */
  id: Arbitrary<string>
  /** Seconds since the epoch. */
  now: Arbitrary<string>
  /** Any element, with elements inside. */
  inside: Arbitrary<Stanza>
}

/** An element with these attributes. */
export function node(
  tag: string,
  attrs: Record<string, Arbitrary<string>>,
  content?: Arbitrary<Stanza['content']>,
): Arbitrary<Stanza> {
  return fc
    .tuple(fc.record(attrs), content ?? fc.constant(undefined))
    .map(([values, inner]) =>
      inner === undefined ? { tag, attrs: values } : { tag, attrs: values, content: inner },
    )
}

/** The parts for these names. Nothing in them is from the owner's own devices but by its address. */
export function stanzaParts(names: Names): StanzaParts {
  const { stranger, allowed, own, sent } = names
  const outsider = fc.constantFrom(
    stranger.jid, stranger.lid, stranger.jid.replace('@', ':7@'), stranger.lid.replace('@', ':7@'), '15550009999@s.whatsapp.net',
    '987654321@lid', 'status@broadcast', '120363000000000000@g.us', '120363000000000001@newsletter', '13135550002@bot',
    '15550009999@hosted', '1@hosted.lid', '987654321:99@hosted.lid', '15550000003@c.us', 's.whatsapp.net', '@s.whatsapp.net', '@lid',
    'x'.repeat(300),
  ) // prettier-ignore
  const hosted = allowed.lid.replace('@lid', ':99@hosted.lid')
  const anybody = fc.oneof(
    outsider,
    fc.constantFrom(allowed.jid, allowed.lid, hosted, own.jid, own.lid, own.device),
  )
  const value = fc.oneof({ weight: 2, arbitrary: anybody }, { weight: 3, arbitrary: word })
  return {
    outsider,
    anybody,
    value,
    id: fc.oneof(fc.uuid(), word, sent.length === 0 ? fc.uuid() : fc.constantFrom(...sent)),
    now: fc.constant(String(Math.floor(Date.now() / 1000))),
    inside: anyElement(value),
  }
}

const TAGS = [
  'enc', 'plaintext', 'retry', 'keys', 'list', 'item', 'participants', 'to', 'error', 'count', 'add', 'remove', 'device', 'sync', 'update',
  'x', 'tokens', 'token', 'unavailable', 'offline', 'dirty', 'pair-device', 'ref', 'offer', 'terminate', 'verified_name', 'device-identity',
  'key-index-list', 'rmr', 'encrypt', 'enc_p', 'enc_iv', 'primary_ephemeral_identity', 'passkey_request_options',
] // prettier-ignore

const anyElement = (value: Arbitrary<string>): Arbitrary<Stanza> =>
  fc.letrec<{ any: Stanza }>((tie) => ({
    any: fc
      .tuple(
        fc.constantFrom(...TAGS),
        fc.dictionary(fc.constantFrom(...ATTRIBUTES), value, { maxKeys: 4, noNullPrototype: true }),
        fc.oneof(
          { maxDepth: 3 },
          fc.constant(undefined),
          bytes,
          word,
          fc.array(tie('any'), { maxLength: 3 }),
        ),
      )
      .map(([tag, attrs, content]) => (content === undefined ? { tag, attrs } : { tag, attrs, content })),
  })).any

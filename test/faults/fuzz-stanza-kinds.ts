import fc, { type Arbitrary } from 'fast-check'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'

/** Stands in every text that a hostile stanza carries: nobody may ever get it back, and no disk may keep it. */
export const MARKER = 'q7hostile7q'

/** What the stanzas are about. */
export interface Names {
  stranger: { jid: string; lid: string }
  allowed: { jid: string; lid: string }
  own: { jid: string; lid: string; device: string }
}

const POISON = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
const ATTRIBUTES = [
  'id', 'from', 'to', 't', 'type', 'class', 'participant', 'recipient', 'notify', 'offline', 'category', 'edit',
  'sender_pn', 'sender_lid', 'participant_pn', 'participant_lid', 'peer_recipient_pn', 'peer_recipient_lid',
  'recipient_pn', 'recipient_lid', 'addressing_mode', 'count', 'v', 'code', 'error', 'xmlns', 'mediatype', 'phash', 'value',
] // prettier-ignore

const word = fc.oneof(
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

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  fc.constant(new Uint8Array(0)),
  // Looks like a Signal message, as far as its first bytes go.
  fc
    .uint8Array({ minLength: 60, maxLength: 200 })
    .map((rest) => Uint8Array.from([0x33, 0x0a, 0x21, 0x05, ...rest])),
  fc.nat(20_000).map((length) => new Uint8Array(length).fill(7)),
)

/** A message in clear, as it stands before it is encrypted. */
const clearText = Uint8Array.from([0x0a, MARKER.length, ...Buffer.from(MARKER)])

/** The templates and mutations for these names. Texts carry the marker; nothing is from the owner's own devices. */
export function hostileStanzas(names: Names): Arbitrary<Stanza> {
  const { stranger, allowed, own } = names
  const outsider = fc.constantFrom(
    stranger.jid, stranger.lid, stranger.jid.replace('@', ':7@'), stranger.lid.replace('@', ':7@'), '15550009999@s.whatsapp.net',
    '987654321@lid', 'status@broadcast', '120363000000000000@g.us', '120363000000000001@newsletter', '13135550002@bot',
    '15550009999@hosted', '1@hosted.lid', '15550000003@c.us', 's.whatsapp.net', '@s.whatsapp.net', '@lid', 'x'.repeat(300),
  ) // prettier-ignore
  const anybody = fc.oneof(outsider, fc.constantFrom(allowed.jid, allowed.lid, own.jid, own.lid, own.device))
  const value = fc.oneof({ weight: 2, arbitrary: anybody }, { weight: 3, arbitrary: word })
  const id = fc.oneof(fc.uuid(), word)

  const node = (
    tag: string,
    attrs: Record<string, Arbitrary<string>>,
    content?: Arbitrary<Stanza['content']>,
  ): Arbitrary<Stanza> =>
    fc
      .tuple(fc.record(attrs), content ?? fc.constant(undefined))
      .map(([values, inner]) =>
        inner === undefined ? { tag, attrs: values } : { tag, attrs: values, content: inner },
      )
  const one = (child: Arbitrary<Stanza>): Arbitrary<Stanza[]> => child.map((each) => [each])
  const fixed = fc.constant
  const now = fc.constant(String(Math.floor(Date.now() / 1000)))

  const enc = node(
    'enc',
    {
      v: fixed('2'),
      type: fc.constantFrom('pkmsg', 'msg', 'skmsg', 'msmsg', 'frskmsg', ''),
      count: fixed('1'),
    },
    bytes,
  )
  const inside: Arbitrary<Stanza> = fc.letrec<{ any: Stanza }>((tie) => ({
    any: fc
      .tuple(
        fc.constantFrom(
          'enc',
          'plaintext',
          'retry',
          'keys',
          'list',
          'item',
          'participants',
          'to',
          'error',
          'count',
          'add',
          'remove',
          'device',
          'sync',
          'update',
          'x',
          'tokens',
          'token',
          'unavailable',
          'offline',
          'dirty',
          'pair-device',
          'ref',
          'offer',
          'terminate',
          'verified_name',
          'device-identity',
        ),
        fc.dictionary(fc.constantFrom(...ATTRIBUTES), value, { maxKeys: 4, noNullPrototype: true }),
        fc.oneof({ maxDepth: 3 }, fixed(undefined), bytes, word, fc.array(tie('any'), { maxLength: 3 })),
      )
      .map(([tag, attrs, content]) => (content === undefined ? { tag, attrs } : { tag, attrs, content })),
  })).any

  const message = node(
    'message',
    {
      id,
      from: outsider,
      t: now,
      type: fc.constantFrom('text', 'media', 'reaction', 'poll'),
      notify: fixed('Nobody'),
    },
    fc.array(
      fc.oneof(
        enc,
        node('plaintext', {}, fixed(clearText)),
        node('unavailable', {
          type: fc.constantFrom(
            'view_once',
            'view_once_unavailable_fanout',
            'bot_unavailable_fanout',
            'hosted_unavailable_fanout',
          ),
        }),
        node('verified_name', {}, bytes),
        inside.filter(({ tag }) => tag !== 'enc'),
      ),
      { maxLength: 3 },
    ),
  )
  const status = node(
    'status',
    { id, from: fc.constantFrom('status@broadcast', '120363000000000001@newsletter'), participant: outsider, t: now, type: fc.constantFrom('text', 'media') },
    fc.array(fc.oneof(enc, node('plaintext', {}, fixed(clearText)), inside), { maxLength: 2 }),
  ) // prettier-ignore
  const receipt = node(
    'receipt',
    {
      id,
      from: anybody,
      t: now,
      type: fc.constantFrom('read', 'retry', 'played', 'sender', 'inactive', 'server-error', 'hist_sync'),
    },
    fc.array(
      fc.oneof(
        node('retry', { count: word, id, t: now, v: fixed('1') }),
        node('list', {}, fc.array(node('item', { id }), { maxLength: 5 })),
        node('keys', {}, fc.array(inside, { maxLength: 3 })),
        node('registration', {}, bytes),
        inside,
      ),
      { maxLength: 3 },
    ),
  )
  const notification = node(
    'notification',
    {
      id, from: anybody, t: now, participant: anybody,
      type: fc.constantFrom('account_sync', 'devices', 'encrypt', 'server_sync', 'mediaretry', 'privacy_token', 'w:gp2', 'mex', 'newsletter', 'picture', 'contacts', 'business', 'psa', 'status', 'link_code_companion_reg', 'companion_reg_refresh', 'passkey_prologue_request', 'crsc_continuation'),
    }, // prettier-ignore
    fc.array(
      fc.oneof(
        inside,
        node('count', { value: word }),
        node('identity', {}),
        node(
          'update',
          {
            op_name: fc.constantFrom(
              'NotificationUserReachoutTimelockUpdate',
              'MessageCappingInfoNotification',
              'x',
            ),
          },
          fc.oneof(bytes, fixed(Buffer.from('{"data":null}')), fixed(Buffer.from('{"data":{}}'))),
        ),
        node(
          'link_code_companion_reg',
          { stage: fixed('primary_hello') },
          fc.array(inside, { maxLength: 3 }),
        ),
      ),
      { maxLength: 3 },
    ),
  )
  const iq = node(
    'iq',
    {
      id,
      from: anybody,
      type: fc.constantFrom('set', 'get', 'result', 'error'),
      xmlns: fc.constantFrom('md', 'w:unheard', 'urn:xmpp:ping', 'encrypt', 'usync', 'w:p', ''),
    },
    fc.array(inside, { maxLength: 3 }),
  )
  const ib = node(
    'ib',
    { from: fixed('s.whatsapp.net') },
    one(
      fc.oneof(
        inside,
        node('dirty', { type: fc.constantFrom('account_sync', 'groups', 'x'), timestamp: word }),
        node('offline', { count: word }),
        node('offline_preview', { count: fc.oneof(word, fixed('3'), fixed('250')) }),
        node('dirty', { type: fc.constantFrom('account_sync', 'groups', 'communities'), timestamp: now }),
        node('edge_routing', {}, one(node('routing_info', {}, bytes))),
        node('thread_metadata', {}),
        node('client_expiration', { t: word }),
        node('downgrade', {}),
      ),
    ),
  )
  const ringing = (kind: string): Arbitrary<Stanza> =>
    node(kind, { 'call-id': id, 'call-creator': anybody, from: anybody }, fc.array(inside, { maxLength: 2 }))
  const call = node(
    'call',
    { id, from: outsider, t: now, notify: fixed('Nobody') },
    one(fc.oneof(ringing('offer'), ringing('terminate'), ringing('timeout'))),
  )
  const ack = node('ack', {
    id,
    from: anybody,
    class: fc.constantFrom('message', 'receipt', 'call'),
    error: fc.constantFrom('463', '475', '479', '400', 'x'),
    refresh_lid: fc.constantFrom('true', 'false', 'x', ''),
    phash: word,
  })
  const presence = node('presence', {
    from: anybody,
    type: fc.constantFrom('available', 'unavailable', 'x'),
    last: word,
  })
  const chatstate = node('chatstate', { from: anybody }, one(inside))
  const unknown = fc
    .tuple(
      fc.oneof(fc.constantFrom('success-x', 'features', 'status', 'biz', 'survey', 'xml'), fc.uuid()),
      inside,
    )
    .map(([tag, each]): Stanza => ({ ...each, tag }))

  const template = fc.oneof(
    { weight: 6, arbitrary: message },
    { weight: 2, arbitrary: status },
    { weight: 4, arbitrary: receipt },
    { weight: 4, arbitrary: notification },
    { weight: 3, arbitrary: iq },
    { weight: 2, arbitrary: ib },
    { weight: 2, arbitrary: call },
    { weight: 1, arbitrary: ack },
    { weight: 1, arbitrary: presence },
    { weight: 1, arbitrary: chatstate },
    { weight: 1, arbitrary: unknown },
  )
  const change = fc.oneof(
    fc.record({ drop: fc.constantFrom(...ATTRIBUTES) }),
    fc.record({ set: fc.constantFrom(...ATTRIBUTES), to: value }),
    fc.record({ content: fc.oneof(bytes, word, fc.array(inside, { maxLength: 4 }), fixed(undefined)) }),
    fc.record({ twice: fixed(true) }),
  )
  return fc
    .tuple(template, fc.array(change, { maxLength: 3 }))
    .map(([each, changes]) => changes.reduce<Stanza>(changed, each))
}

type Change =
  | { drop: string }
  | { set: string; to: string }
  | { content: Stanza['content'] }
  | { twice: boolean }

function changed(each: Stanza, change: Change): Stanza {
  const { tag, attrs, content } = each
  if ('drop' in change)
    return {
      ...each,
      attrs: Object.fromEntries(Object.entries(attrs).filter(([name]) => name !== change.drop)),
    }
  if ('set' in change) return { ...each, attrs: { ...attrs, [change.set]: change.to } }
  if ('content' in change)
    return change.content === undefined ? { tag, attrs } : { tag, attrs, content: change.content }
  return Array.isArray(content) ? { tag, attrs, content: [...content, ...content] } : each
}

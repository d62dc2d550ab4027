import fc, { type Arbitrary } from 'fast-check'
import type { Stanza } from '../../../src/simulator/wire/stanza.ts'
import { hostileNotifications } from './hostile-notifications.ts'
import { ATTRIBUTES, bytes, type Names, node, stanzaParts, word } from './stanza-parts.ts'

/** Stands in every text that a hostile stanza carries: nobody may ever get it back, and no disk may keep it. */
export const MARKER = 'q7hostile7q'

/** A message in clear, as it stands before it is encrypted. */
const clearText = Uint8Array.from([0x0a, MARKER.length, ...Buffer.from(MARKER)])

/** Codes with which WhatsApp refuses a message, or part of it. */
const REFUSALS = [
  '400',
  '401',
  '405',
  '420',
  '421',
  '463',
  '475',
  '479',
  '487',
  '488',
  '491',
  '495',
  '496',
  '499',
  '500',
  '550',
  '551',
  '552',
]

/** The templates and mutations for these names. Texts carry the marker; nothing is from the owner's own devices. */
export function hostileStanzas(names: Names): Arbitrary<Stanza> {
  const parts = stanzaParts(names)
  const { outsider, anybody, value, id, now, inside } = parts
  const one = (child: Arbitrary<Stanza>): Arbitrary<Stanza[]> => child.map((each) => [each])
  const fixed = fc.constant

  const enc = node(
    'enc',
    {
      v: fixed('2'),
      type: fc.constantFrom('pkmsg', 'msg', 'skmsg', 'msmsg', 'frskmsg', ''),
      count: fixed('1'),
    },
    bytes,
  )
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
  const notification = hostileNotifications(parts)
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
        node('thread_metadata', {}, fc.array(node('item', { jid: anybody, t: word }), { maxLength: 3 })),
        node('client_expiration', { t: word }),
        node('tos', {}, fc.array(node('notice', { id: word, t: word }), { maxLength: 3 })),
        node('priority_offline_complete', {}),
        node('recovery_nonce', {}, bytes),
        node('attestation', {}, bytes),
        node('notice', { id: word, type: word }),
        node('gpia', { nonce: word }),
        node('offline_batch', { count: word }),
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
    error: fc.constantFrom(...REFUSALS, 'x'),
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

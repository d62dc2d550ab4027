import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ALICE } from '../../../conversations/desk.ts'
import { ALICE_ID, envelope, InboundDesk, signatureOf } from '../inbound-desk.ts'

const RUNS = 10_000
const SEED = 20_261_130

type Json = unknown

const TYPES = [
  'text',
  'image',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'interactive',
  'button',
  'reaction',
  'order',
  'system',
  'edit',
  'revoke',
  'unsupported',
  'hologram',
  '__proto__',
  'constructor',
]
const FIELDS = [
  'messages',
  'standby',
  'smb_message_echoes',
  'messaging_handovers',
  'history',
  'calls',
  'smb_app_state_sync',
  'account_update',
  'toString',
]

/** A message of every kind, as far as a generator gives every field. */
const message = fc.record(
  {
    id: fc.oneof(fc.string(), fc.constantFrom('wamid.1', 'wamid.2')),
    from: fc.oneof(fc.constant(ALICE.slice(1)), fc.string(), fc.jsonValue()),
    from_user_id: fc.oneof(fc.constant(ALICE_ID), fc.string()),
    timestamp: fc.oneof(fc.constant('1790000000'), fc.string(), fc.integer(), fc.double()),
    type: fc.oneof(fc.constantFrom(...TYPES), fc.string()),
    text: fc.oneof(fc.record({ body: fc.string({ unit: 'binary' }) }), fc.jsonValue()),
    interactive: fc.record({
      type: fc.constantFrom('button_reply', 'nfm_reply', 'x'),
      nfm_reply: fc.jsonValue(),
    }),
    reaction: fc.record({ message_id: fc.string(), emoji: fc.string() }),
    edit: fc.record({ original_message_id: fc.string(), message: fc.jsonValue() }),
    contacts: fc.jsonValue(),
    order: fc.jsonValue(),
    system: fc.record({
      type: fc.constantFrom('user_changed_number', 'x'),
      wa_id: fc.jsonValue(),
      user_id: fc.string(),
    }),
    context: fc.jsonValue(),
    referral: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const value = fc.record(
  {
    messages: fc.oneof(fc.array(message, { maxLength: 3 }), fc.jsonValue()),
    message_echoes: fc.oneof(fc.array(message, { maxLength: 2 }), fc.jsonValue()),
    statuses: fc.oneof(
      fc.array(
        fc.record({
          id: fc.string(),
          status: fc.constantFrom('sent', 'failed', 'x'),
          errors: fc.jsonValue(),
        }),
      ),
      fc.jsonValue(),
    ),
    contacts: fc.jsonValue(),
    history: fc.jsonValue(),
    calls: fc.jsonValue(),
    messaging_handovers: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const body: fc.Arbitrary<Json> = fc.oneof(
  {
    arbitrary: fc.tuple(value, fc.constantFrom(...FIELDS)).map(([each, field]) => envelope(each, field)),
    weight: 4,
  },
  { arbitrary: fc.jsonValue(), weight: 1 },
)
const bytes = fc.oneof(
  { arbitrary: body.map((each) => Buffer.from(JSON.stringify(each))), weight: 9 },
  { arbitrary: fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)), weight: 1 },
)
const forged = fc.constantFrom<string | undefined>(
  undefined,
  '',
  'sha256=',
  `sha256=${'0'.repeat(64)}`,
  signatureOf(Buffer.from('another body')),
  'sha1=00',
)

it(`takes ${RUNS} wild bodies: none without a signature counts, and none with one brings anything down`, async () => {
  const desk = new InboundDesk({}, { delayMs: 25, failed: (error) => desk.failures.push(error) })
  const { inbound } = desk
  let refused = 0
  for (const [index, each] of fc.sample(fc.tuple(bytes, forged), { numRuns: RUNS, seed: SEED }).entries()) {
    const [raw, signature] = each
    if (index % 2 === 0) {
      const headers = signature === undefined ? {} : { 'x-hub-signature-256': signature }
      expect((await desk.postRaw(raw, { headers })).status).toBe(401)
      refused += 1
    } else expect((await desk.postRaw(raw)).status).toBe(200)
    if (index === 0) expect(inbound.webhook.health.lastAt).toBe(null)
  }
  await inbound.settled()
  expect(inbound.webhook.health.refused).toBe(refused)
  expect(desk.failures).toEqual([])
  const count = (sql: string): number => Number(Object.values(desk.database.prepare(sql).get() as object)[0])
  expect(count('SELECT count(*) FROM business_updates WHERE content IS NOT NULL')).toBe(0)
  // What was taken in is there, and within its bounds.
  expect(desk.named('message.received').length).toBeGreaterThan(100)
  expect(count('SELECT max(length(text)) FROM inbox')).toBeLessThanOrEqual(70_000)
  await desk.post(envelope(desk.text('still here')))
  expect(desk.named('message.received').at(-1)).toMatchObject({ conversation: ALICE })
}, 180_000)

it('leaves out what one request may not hold, and what is nested beyond reason', async () => {
  const desk = new InboundDesk({}, { delayMs: 25, failed: () => undefined })
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const text = JSON.stringify(envelope({ messages: [{ id: 'wamid.1', type: 'text', text: 'DEEP' }] }))
  expect((await desk.postRaw(Buffer.from(text.replace('"DEEP"', deep)))).status).toBe(200)
  const changes = Array.from({ length: 30_000 }, () => ({ field: 'x' }))
  expect((await desk.postRaw(Buffer.from(JSON.stringify({ entry: [{ changes }] })))).status).toBe(200)
  await desk.inbound.settled()
  expect(desk.inbound.webhook.health.unsupported).toBeGreaterThanOrEqual(10_001)
})

import { describe, expect, it } from 'vitest'
import { type IncomingContent, shownText, type ContentPart } from '../../../../../src/messaging/content.ts'
import { readBusinessContent } from '../../../../../src/transports/cloud-api/inbound/read-content.ts'
import { messageDetailSchema } from '../../../../../src/protocol/agent/message-detail.ts'

type Fields = Record<string, unknown>
const media = { id: '900', mime_type: 'image/jpeg', sha256: 'vN6fLq6ffKkQ2f0yv0Wl2yY8m0zH4m5kXn0f1f0a1aA=' }

const partsOf = (content: IncomingContent | null): readonly ContentPart[] =>
  content !== null && 'parts' in content ? content.parts : []
const detailsOf = (content: IncomingContent | null): unknown[] =>
  partsOf(content).flatMap((part) => (part.kind === 'text' ? (part.details ?? []) : []))

describe('a message of a Business number', () => {
  it.each<[string, Fields, string]>([
    ['words', { type: 'text', text: { body: 'hi' } }, 'hi'],
    ['a picture', { type: 'image', image: { ...media, caption: 'look' } }, '[photo]\nlook'],
    ['a video', { type: 'video', video: media }, '[video]'],
    ['a voice message', { type: 'audio', audio: { ...media, voice: true } }, '[voice message]'],
    ['a sound', { type: 'audio', audio: { ...media, voice: false } }, '[audio file]'],
    ['a document', { type: 'document', document: { ...media, filename: 'a.pdf' } }, '[document "a.pdf"]'],
    ['a sticker', { type: 'sticker', sticker: { ...media, animated: true } }, '[sticker]'],
    [
      'a place',
      { type: 'location', location: { latitude: 48.2, longitude: '16.37', name: 'Cafe', address: 'Road 1' } },
      '[location] Cafe, Road 1, 48.2, 16.37',
    ],
    ['a button of a template', { type: 'button', button: { payload: 'yes-1', text: 'Yes' } }, 'Yes'],
    [
      'a button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Go' } } },
      'Go',
    ],
    [
      'a row of a list',
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Soup' } } },
      'Soup',
    ],
    [
      'a form',
      {
        type: 'interactive',
        interactive: {
          type: 'nfm_reply',
          nfm_reply: {
            name: 'flow',
            body: 'Sent',
            response_json: '{"flow_token":"x","day":"Monday","people":2}',
          },
        },
      },
      '[form "flow"] Sent\n- day: Monday\n- people: 2',
    ],
    [
      'an answer about calls',
      {
        type: 'interactive',
        interactive: { type: 'call_permission_reply', call_permission_reply: { response: 'accept' } },
      },
      '[answer about calls] accept',
    ],
    [
      'a contact',
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Bob' }, phones: [{ phone: '+1 555', wa_id: '15550002222' }] }],
      },
      '[contact] Bob, +1 555',
    ],
    [
      'an order',
      {
        type: 'order',
        order: {
          catalog_id: 'c1',
          text: 'soon',
          product_items: [
            { product_retailer_id: 'a', quantity: 2, item_price: 1.1, currency: 'EUR' },
            { product_retailer_id: 'b', quantity: '1', item_price: '3', currency: 'EUR' },
          ],
        },
      },
      '[order] 3 items\n- 2 × a, 1.1 EUR\n- 1 × b, 3 EUR\nsoon',
    ],
    [
      'words from an ad, forwarded',
      {
        type: 'text',
        text: { body: 'price?' },
        context: { frequently_forwarded: true },
        referral: { source_type: 'ad', source_url: 'https://fb.me/x', headline: 'Sale' },
      },
      'price?\n[came from an ad]\n- Sale\n- https://fb.me/x\n[forwarded many times]',
    ],
    [
      'words about a product',
      { type: 'text', text: { body: 'this?' }, context: { referred_product: { product_retailer_id: 'p1' } } },
      'this?\n[about the product p1]',
    ],
  ])('%s', (_case, message, shown) => {
    const content = readBusinessContent(message)
    expect(shownText(partsOf(content))).toBe(shown)
    for (const detail of detailsOf(content))
      expect(messageDetailSchema.safeParse(detail).error).toBe(undefined)
  })

  it('says in fields what was chosen, and what an order costs', () => {
    const button = readBusinessContent({ type: 'button', button: { payload: 'yes-1', text: 'Yes' } })
    expect(detailsOf(button)).toEqual([{ type: 'choice', id: 'yes-1', text: 'Yes' }])
    const items = [{ product_retailer_id: 'a', quantity: 3, item_price: 0.1, currency: 'EUR' }]
    const order = readBusinessContent({ type: 'order', order: { catalog_id: 'c', product_items: items } })
    expect(detailsOf(order)).toMatchObject([{ itemCount: 3, total: { amount: 0.3, currency: 'EUR' } }])
  })

  it('keeps where a file is, and nothing where that is not said', () => {
    const parts = partsOf(readBusinessContent({ type: 'image', image: media }))
    expect(parts).toMatchObject([{ kind: 'attachment', file: { kind: 'image', mimeType: 'image/jpeg' } }])
    const [part] = parts
    expect(part?.kind === 'attachment' ? JSON.parse(part.media?.source ?? '') : null).toMatchObject({
      id: '900',
    })
    const [bare] = partsOf(readBusinessContent({ type: 'image', image: {} }))
    expect(bare).not.toHaveProperty('media')
  })

  it.each<[string, Fields, unknown]>([
    [
      'an answer to a message',
      { type: 'text', text: { body: 'yes' }, context: { id: 'wamid.A', from: '15550009999' } },
      { kind: 'message', quoted: { id: 'wamid.A', text: null, author: '+15550009999' } },
    ],
    [
      'a reaction',
      { type: 'reaction', reaction: { message_id: 'wamid.A', emoji: '👍' } },
      { kind: 'reaction', emoji: '👍', targetId: 'wamid.A' },
    ],
    [
      'a reaction that is taken back',
      { type: 'reaction', reaction: { message_id: 'wamid.A' } },
      { kind: 'reaction', emoji: '', targetId: 'wamid.A' },
    ],
    [
      'an edit',
      {
        type: 'edit',
        edit: { original_message_id: 'wamid.A', message: { type: 'text', text: { body: 'new' } } },
      },
      { kind: 'edit', targetId: 'wamid.A', parts: [{ kind: 'text', text: 'new' }] },
    ],
    [
      'a deletion',
      { type: 'revoke', revoke: { original_message_id: 'wamid.A' } },
      { kind: 'revoke', targetId: 'wamid.A' },
    ],
    [
      'what WhatsApp does not hand on',
      { type: 'unsupported', unsupported: { type: 'poll_creation' }, errors: [{ code: 131_051 }] },
      { kind: 'unsupported', what: 'poll_creation' },
    ],
    [
      'what is not there yet',
      { type: 'unsupported', errors: [{ code: 131_060, title: 'x' }] },
      { kind: 'unsupported', what: 'unavailable' },
    ],
    ['an older word for it', { type: 'unknown', errors: [] }, { kind: 'unsupported', what: 'unknown' }],
    ['a kind of tomorrow', { type: 'hologram', hologram: {} }, { kind: 'unsupported', what: 'hologram' }],
    ['a kind named as a built-in', { type: 'constructor' }, { kind: 'unsupported', what: 'constructor' }],
  ])('%s', (_case, message, content) => {
    expect(readBusinessContent(message)).toMatchObject(content as object)
  })

  it.each([
    [{ type: 'unsupported', unsupported: { type: 'poll_update' } }],
    [{ type: 'unsupported', unsupported: { type: 'pin' } }],
    [{ type: 'request_welcome' }],
    [{ type: 'edit', edit: {} }],
    [{ type: 'revoke' }],
  ])('nothing is what no person wrote: %j', (message) => {
    expect(readBusinessContent(message)).toBe(null)
  })
})
